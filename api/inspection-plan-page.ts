/** An inspection plan as every reader sees it, with what this caller may do now. */
import { z } from 'zod';
import type { Page } from '../db/cursor.ts';
import { overlaps, phases, planStatuses } from '../domain/inspection-plan.ts';
import type { PlanRow } from '../services/inspection/index.ts';
import type { AppDeps } from './deps.ts';
import { actorIn, type Person } from './plugins/auth.ts';
import { notFound } from './problem.ts';

/** Who plans. */
export const planners = ['supervisor', 'manager'] as const;
const planActions = ['change', 'pause', 'resume', 'backfill', 'archive'] as const;
export type PlanAction = (typeof planActions)[number];

const at = z.iso.datetime();
export const planShape = z.looseObject({
  planNumber: z.string(),
  customerNumber: z.string(),
  phase: z.enum(phases),
  serialNumbers: z.array(z.string()).nullable().describe('null: whatever the customer has then'),
  calendar: z.looseObject({}).nullable(),
  interval: z.looseObject({}).nullable(),
  timeZone: z.string(),
  overlap: z.enum(overlaps).describe('what happens while the last round is still open'),
  catchUpWindow: z.string(),
  dueWithin: z.string(),
  severity: z.string(),
  status: z.enum(planStatuses),
  version: z.int(),
  scheduled: z.boolean().describe('false: its Schedule does not follow it yet'),
  allowedActions: z.array(z.enum(planActions)),
  nextOccurrences: z.array(at).nullable().optional().describe('null: the engine did not answer'),
  occurrences: z
    .array(z.looseObject({ nominalAt: at, result: z.string(), caseNumber: z.string().nullable() }))
    .optional(),
});

const possible: Record<PlanRow['status'], readonly PlanAction[]> = {
  active: ['change', 'pause', 'backfill', 'archive'],
  paused: ['change', 'resume', 'backfill', 'archive'],
  archived: [],
};

/** What this person may do with the plan now. */
export const planActionsFor = (person: Person, { status }: PlanRow): readonly PlanAction[] =>
  actorIn(person, planners) ? possible[status] : [];

/** The plan's resource. */
export function planPage(plan: PlanRow, person: Person) {
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
export async function wholePlanPage(deps: AppDeps, plan: PlanRow, person: Person) {
  const [nextOccurrences, occurrences, changes] = await Promise.all([
    deps.scheduler.upcoming(plan.planNumber).catch(() => null),
    deps.stores.plans.occurrences(plan.planNumber, shown),
    deps.stores.plans.changes(plan.planNumber, shown),
  ]);
  return { ...planPage(plan, person), nextOccurrences, occurrences, changes };
}

/** The plan that the path names, or 404. */
export async function planOn({ stores }: AppDeps, planNumber: string): Promise<PlanRow> {
  const plan = /^IP-\d{4,15}$/.test(planNumber) ? await stores.plans.get(planNumber) : null;
  if (!plan) throw notFound('inspection plan');
  return plan;
}
