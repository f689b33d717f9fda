import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { checkEffect, effectCheckOf, noteOnSources, registerAction } from './actions.ts';
import { failures, recordFailure } from './failures.ts';
import type { DefectsService } from './index.ts';

/** Failure records and corrective actions on our own database. */
export function createDefects(client: Sql): DefectsService {
  const db = drizzle(client);
  return {
    effects: {
      recordFailure: (request) => recordFailure(db, request),
      registerAction: (request) => registerAction(db, request),
      checkEffect: (request) => checkEffect(db, request),
      effectCheckOf: async (request) => (await effectCheckOf(db, request))[0] ?? null,
      noteOnSources: (request) => noteOnSources(db, request),
    },
    questions: { failures: (filter) => failures(db, filter) },
  };
}
