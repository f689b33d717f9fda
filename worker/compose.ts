import type { ActivityDeps, PartneredEffects } from '../activities/index.ts';
import type { Sql } from '../db/connect.ts';
import { createCases } from '../services/cases/built-in.ts';
import type { CaseStarter, IntakeDeps, WorkflowEnds } from '../services/cases/index.ts';
import type { Channels } from '../services/notification/index.ts';
import {
  builtInServices,
  chooseServices,
  type KitMissed,
  type Partners,
  type Services,
} from '../services/partner/choose.ts';
import { createSchedulesEffects } from '../services/schedules/built-in.ts';
import { createStores } from '../services/stores.ts';

/** What a worker may choose; nothing of it when undefined. */
interface Choices {
  partners?: Partners;
  channels?: Channels;
  kitMissed?: KitMissed;
  /** How the cases are held back that cases and schedules open. */
  opening?: Pick<IntakeDeps, 'mostStanding'>;
}

/** The effects of every service as activities take them: a partner's where one is configured, else the built-in ones on the same
 *  database. `starter` starts the cases that cases open. */
export function createActivityDeps(
  sql: Sql,
  starter: CaseStarter & WorkflowEnds,
  { partners, channels, kitMissed, opening }: Choices = {},
): ActivityDeps {
  const stores = createStores(sql);
  const builtIn = builtInServices(sql, channels);
  const services = chooseServices(sql, builtIn, partners, channels?.links, kitMissed);
  const now = () => new Date().toISOString();
  const door = { ...stores, parts: services.parts, starter, now, ...opening };
  return {
    progress: stores.progress,
    records: stores.records.effects,
    billing: stores.billing.effects,
    defects: stores.defects.effects,
    cases: createCases(door),
    schedules: createSchedulesEffects(door),
    ...effectsOf(services),
    builtIn: { ...effectsOf(builtIn), takeOver: builtIn.parts.takeOver },
  };
}

const effectsOf = ({ parts, dispatch, notification }: Services): PartneredEffects => ({
  parts: parts.effects,
  dispatch: dispatch.effects,
  notification: notification.effects,
});
