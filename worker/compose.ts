import type { ActivityDeps } from '../activities/index.ts';
import { createStores, type Sql } from '../db/index.ts';
import { openOccurrence } from '../services/inspection/index.ts';
import { type CaseStarter, openLinkedCase, startAgain } from '../services/intake/index.ts';
import type { Channels } from '../services/notification/index.ts';
import {
  builtInServices,
  chooseServices,
  type KitMissed,
  type Partners,
} from '../services/partner/choose.ts';

/** Stores and services as activities take them: a partner's where one is configured, else the built-in ones on the same database.
 *  `starter` starts the cases that cases open. */
export function createActivityDeps(
  sql: Sql,
  starter: CaseStarter,
  {
    partners,
    channels,
    kitMissed,
  }: { partners?: Partners; channels?: Channels; kitMissed?: KitMissed } = {},
): ActivityDeps {
  const stores = createStores(sql);
  const builtIn = builtInServices(sql, channels);
  const services = chooseServices(sql, builtIn, partners, channels?.links, kitMissed);
  const { parts } = services;
  const now = () => new Date().toISOString();
  return {
    progress: stores.progress,
    records: stores.records,
    billing: stores.billing,
    ...services,
    builtIn,
    intake: {
      openLinkedCase: (request) => openLinkedCase({ ...stores, parts, starter, now }, request),
      openOccurrence: (due) => openOccurrence({ ...stores, parts, starter, now }, due),
      startCycle: ({ caseNumber }) => startAgain({ cases: stores.cases, starter }, caseNumber),
    },
  };
}
