import type { Sql } from '../../db/connect.ts';
import { checkEffect, effectCheckOf, noteOnSources, registerAction } from './actions.ts';
import { failures, recordFailure } from './failures.ts';
import type { DefectsService } from './index.ts';

/** Failure records and corrective actions on our own database. */
export const createDefects = (sql: Sql): DefectsService => ({
  effects: {
    recordFailure: (request) => recordFailure(sql, request),
    registerAction: (request) => registerAction(sql, request),
    checkEffect: (request) => checkEffect(sql, request),
    effectCheckOf: (request) => effectCheckOf(sql, request),
    noteOnSources: (request) => noteOnSources(sql, request),
  },
  questions: { failures: (filter) => failures(sql, filter) },
});
