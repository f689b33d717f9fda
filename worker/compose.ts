import type { ActivityDeps } from '../activities/index.ts';
import { createStores, type Sql } from '../db/index.ts';
import { createDispatch } from '../services/dispatch/built-in.ts';
import { createNotification } from '../services/notification/built-in.ts';
import { createParts } from '../services/parts/built-in.ts';

/** The built-in services and stores on one database, as activities take them. */
export function createActivityDeps(sql: Sql): ActivityDeps {
  const stores = createStores(sql);
  return {
    progress: stores.progress,
    records: stores.records,
    parts: createParts(sql),
    dispatch: createDispatch(sql),
    notification: createNotification(sql),
  };
}
