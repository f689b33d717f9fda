/** What touches the world: every effect of every service as an activity, one object of functions per task queue. */
import type { BillingEffects } from '../services/billing/index.ts';
import type { CasesEffects, ProgressStore } from '../services/cases/index.ts';
import type { DefectsEffects } from '../services/defects/index.ts';
import type { DispatchEffects } from '../services/dispatch/index.ts';
import type { NotificationEffects } from '../services/notification/index.ts';
import type { BuiltInParts, PartsEffects } from '../services/parts/index.ts';
import type { RecordsEffects } from '../services/records/index.ts';
import type { SchedulesEffects } from '../services/schedules/index.ts';
import { activitiesOf, insisting } from './classified.ts';
import { type DivertedActivities, diverted } from './diverted.ts';
import { inBatches, type MessageEffects } from './messages.ts';

/** What a flow can ask of the world, by service. */
export interface Effects {
  parts: PartsEffects;
  dispatch: DispatchEffects;
  notification: MessageEffects;
  /** Service records, signatures, claims, knowledge, archive. */
  records: RecordsEffects;
  /** The books of money. */
  billing: BillingEffects;
  defects: DefectsEffects;
  /** Our own front door, for cases that a case opens. */
  cases: CasesEffects;
  schedules: SchedulesEffects;
}

/** The services that may be a partner's. */
export interface PartneredEffects {
  parts: PartsEffects;
  dispatch: DispatchEffects;
  notification: NotificationEffects;
}

/** The effects of each service, and the read model. */
export interface ActivityDeps extends PartneredEffects, Omit<Effects, keyof PartneredEffects> {
  progress: ProgressStore;
  /** The built-in services, for cases that a supervisor diverts from a partner; the same as above where there is none. */
  builtIn: PartneredEffects & Pick<BuiltInParts, 'takeOver'>;
}

/** How a workflow keeps its row of the read model. */
export interface Bookkeeping {
  claimCycle: ProgressStore['claimCycle'];
  recordProgress: ProgressStore['record'];
}

/** The activities of every task queue; our own books stand beside the workflows, and what a supervisor diverts from a partner. */
export function createActivities(deps: ActivityDeps) {
  const { progress, records, billing, defects, cases, schedules, builtIn } = deps;
  const bookkeeping: Bookkeeping = {
    claimCycle: progress.claimCycle,
    recordProgress: progress.record,
  };
  const workflows: Bookkeeping & OwnEffects & DivertedActivities = {
    ...activitiesOf(bookkeeping, insisting),
    ...activitiesOf(records),
    ...activitiesOf(billing),
    ...activitiesOf(defects),
    ...activitiesOf(cases),
    ...activitiesOf(schedules, insisting),
    ...diverted(partnered(builtIn), builtIn.takeOver),
  };
  return { workflows, ...partnered(deps) };
}
type OwnEffects = RecordsEffects &
  BillingEffects &
  DefectsEffects &
  CasesEffects &
  SchedulesEffects;

const partnered = ({ parts, dispatch, notification }: PartneredEffects) => ({
  parts: activitiesOf(parts),
  dispatch: activitiesOf(dispatch),
  notification: activitiesOf(inBatches(notification)),
});
