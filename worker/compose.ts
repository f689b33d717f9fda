import type { ActivityDeps } from '../activities/index.ts';
import { createStores, type Sql } from '../db/index.ts';
import { createDispatch } from '../services/dispatch/built-in.ts';
import { openOccurrence } from '../services/inspection/index.ts';
import { type CaseStarter, openLinkedCase, startAgain } from '../services/intake/index.ts';
import { createNotification } from '../services/notification/built-in.ts';
import { createParts } from '../services/parts/built-in.ts';

/** The built-in services and stores on one database, as activities take them; `starter` starts the cases that cases open. */
export function createActivityDeps(sql: Sql, starter: CaseStarter): ActivityDeps {
  const stores = createStores(sql);
  const parts = createParts(sql);
  const now = () => new Date().toISOString();
  return {
    progress: stores.progress,
    records: stores.records,
    billing: stores.billing,
    parts,
    dispatch: createDispatch(sql),
    notification: createNotification(sql),
    intake: {
      openLinkedCase: (request) => openLinkedCase({ ...stores, parts, starter, now }, request),
      openOccurrence: (due) => openOccurrence({ ...stores, parts, starter, now }, due),
      startCycle: ({ caseNumber }) => startAgain({ cases: stores.cases, starter }, caseNumber),
    },
  };
}
