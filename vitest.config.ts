import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks', // worker threads crash the SDK's native core
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;
const database = 'tests/support/global-database.ts';
const engine = 'tests/support/global-engine.ts';

/** Each project starts no more than its tests need: `vitest run --project unit` is over in a second. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/{domain,config,bench,docs}/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'database',
          include: ['tests/{db,services,checks}/**/*.test.ts'],
          globalSetup: [database],
        },
      },
      {
        test: {
          ...shared,
          name: 'adapters',
          include: ['tests/services/{parts,parts-*,dispatch,on-call,notification}.test.ts'],
          provide: { through: 'adapters' },
          globalSetup: [database],
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: ['tests/{api,activities,workflows,worker,setup,end-to-end}/**/*.test.ts'],
          globalSetup: [database, engine],
        },
      },
      {
        // Kills and lost replies. Long, so `npm test` leaves it out; each file wants the whole machine.
        test: {
          ...shared,
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          globalSetup: [database, engine],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 1_800_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
