import { defineConfig } from 'vitest/config';

/** Kills and lost replies: long, so apart from `npm test`. One file at a time, since each wants the whole machine. */
export default defineConfig({
  test: {
    name: 'faults',
    include: ['tests/faults/**/*.test.ts'],
    globalSetup: ['tests/support/global-database.ts', 'tests/support/global-engine.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});
