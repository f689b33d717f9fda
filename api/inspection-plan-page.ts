/** An inspection plan as every reader sees it, with what this caller may do now. */
import type { Page } from '../db/cursor.ts';
import type { PlanRow } from '../services/inspection/index.ts';
import type { AppDeps } from './deps.ts';
import { actorIn, type Person } from './plugins/auth.ts';
import { notFound } from './problem.ts';
import type { PlanAction, PlanPage, WholePlanPage } from './shapes/inspection-plan.ts';

/** Who plans. */
export const planners = ['supervisor', 'manager'] as const;
const possible: Record<PlanRow['status'], readonly PlanAction[]> = {
  active: ['change', 'pause', 'backfill', 'archive'],
  paused: ['change', 'resume', 'backfill', 'archive'],
  archived: [],
};

/** What this person may do with the plan now. */
export const planActionsFor = (person: Person, { status }: PlanRow): PlanAction[] =>
  actorIn(person, planners) ? [...possible[status]] : [];

/** The plan's resource. */
export function planPage(plan: PlanRow, person: Person): PlanPage {
  const { terms, syncedVersion, ...row } = plan;
  const self = `/v1/inspection-plans/${plan.planNumber}`;
  return {
    ...row,
    ...terms,
    scheduled: syncedVersion === plan.version,
    allowedActions: planActionsFor(person, plan),
    links: { self },
  };
}

export const pagesOf = ({ items, nextCursor }: Page<PlanRow>, person: Person) => ({
  items: items.map((plan) => planPage(plan, person)),
  nextCursor,
});

const shown = 20;

/** With its next rounds as the Schedule tells them, and the latest ones with what became of them. */
export async function wholePlanPage(
  deps: AppDeps,
  plan: PlanRow,
  person: Person,
): Promise<WholePlanPage> {
  const [nextOccurrences, occurrences, changes] = await Promise.all([
    deps.scheduler.upcoming(plan.planNumber).catch(() => null),
    deps.stores.plans.occurrences(plan.planNumber, shown),
    deps.stores.plans.changes(plan.planNumber, shown),
  ]);
  return { ...planPage(plan, person), nextOccurrences, occurrences, changes };
}

/** The plan that the path names, or 404. */
export async function planOn({ stores }: AppDeps, planNumber: string): Promise<PlanRow> {
  const plan = await stores.plans.get(planNumber);
  if (!plan) throw notFound('inspection plan');
  return plan;
}
