import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks', // worker threads crash the SDK's native core
  testTimeout: 60_000,
  hookTimeout: 120_000,
  teardownTimeout: 30_000,
} as const;

/** Each project starts no more than its tests need: `vitest run --project unit` is over in a second. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'unit', include: ['tests/{domain,config,bench}/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'database',
          include: ['tests/{db,services}/**/*.test.ts'],
          globalSetup: ['tests/support/global-database.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'adapters',
          include: ['tests/services/{parts,parts-*,dispatch,on-call,notification}.test.ts'],
          provide: { through: 'adapters' },
          globalSetup: ['tests/support/global-database.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: ['tests/{api,activities,workflows,worker,setup,end-to-end}/**/*.test.ts'],
          globalSetup: ['tests/support/global-database.ts', 'tests/support/global-engine.ts'],
        },
      },
    ],
  },
});
