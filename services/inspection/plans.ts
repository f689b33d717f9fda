/** Makes, changes, pauses and archives plans: row first, Schedule second; whatever was left between is mended by the sweeper. */
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import type { Actor } from '../../domain/case.ts';
import { occurrencesBetween, type PlanTerms } from '../../domain/inspection-plan.ts';
import type { PlanRow, PlanStore } from './plan-store.ts';
import type { Scheduler } from './scheduler.ts';

export interface PlanDeps {
  plans: PlanStore;
  scheduler: Scheduler;
  /** ISO 8601 UTC. */
  now: () => string;
}

/** Who asks, and why; under the same act id a repetition changes nothing. Null: never repeated. */
export interface PlanActor {
  by: Actor;
  reason: string;
  actId: string | null;
}

export type PlanTaken =
  | { kind: 'done'; plan: PlanRow }
  /** Not in the status that the plan is in. */
  | { kind: 'notNow'; plan: PlanRow };

export interface Plans {
  /** Writes the plan and its Schedule, once per key. Fails when the engine does not answer: the same key may be tried again. */
  create(request: {
    scope: string;
    key: string;
    terms: PlanTerms;
    by: Actor;
  }): Promise<{ kind: 'created' | 'same'; plan: PlanRow } | { kind: 'keyReused' }>;
  change(
    planNumber: string,
    terms: (before: PlanTerms) => PlanTerms,
    who: PlanActor,
  ): Promise<PlanTaken>;
  pause(planNumber: string, who: PlanActor): Promise<PlanTaken>;
  resume(planNumber: string, who: PlanActor): Promise<PlanTaken>;
  archive(planNumber: string, who: PlanActor): Promise<PlanTaken>;
  /** The nominal times that are opened now, unless they were before. */
  backfill(
    planNumber: string,
    window: { from: string; to: string; limit: number },
  ): Promise<
    | { kind: 'notNow'; plan: PlanRow }
    | { kind: 'tooMany' }
    | { kind: 'done'; nominalTimes: string[] }
  >;
}

/** Plans over a store and a scheduler. */
export function createPlans(deps: PlanDeps): Plans {
  const word = (kind: WordKind) => (planNumber: string, who: PlanActor) =>
    edit(deps, planNumber, kind, who, (before) => before);
  return {
    create: (request) => create(deps, request),
    change: (planNumber, terms, who) => edit(deps, planNumber, 'planChanged', who, terms),
    pause: word('planPaused'),
    resume: word('planResumed'),
    archive: word('planArchived'),
    backfill: (planNumber, window) => backfill(deps, planNumber, window),
  };
}

async function create(
  deps: PlanDeps,
  { scope, key, terms, by }: Parameters<Plans['create']>[0],
): ReturnType<Plans['create']> {
  const bodyHash = hashOf(terms);
  const { kind, planNumber } = await deps.plans.create({
    scope,
    key,
    bodyHash,
    terms,
    by,
    at: deps.now(),
  });
  if (kind === 'keyReused') return { kind };
  return { kind, plan: await synced(deps, planNumber) };
}

type WordKind = 'planChanged' | 'planPaused' | 'planResumed' | 'planArchived';
/** From which status, to which. */
const moves = {
  planChanged: { active: 'active', paused: 'paused' },
  planPaused: { active: 'paused' },
  planResumed: { paused: 'active' },
  planArchived: { active: 'archived', paused: 'archived' },
} as const satisfies Record<WordKind, Partial<Record<PlanRow['status'], PlanRow['status']>>>;

async function edit(
  deps: PlanDeps,
  planNumber: string,
  kind: WordKind,
  { by, reason, actId }: PlanActor,
  termsOf: (before: PlanTerms) => PlanTerms,
): Promise<PlanTaken> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const plan = await planOf(deps, planNumber);
    if (actId && (await deps.plans.wasSaid(planNumber, actId)))
      return { kind: 'done', plan: await synced(deps, planNumber) };
    const status = (moves[kind] as Partial<Record<string, PlanRow['status']>>)[plan.status];
    if (!status) return { kind: 'notNow', plan };
    const { version } = plan;
    const edit = { planNumber, version, terms: termsOf(plan.terms), status, kind };
    if (await deps.plans.edit({ ...edit, reason, by, actId, at: deps.now() }))
      return { kind: 'done', plan: await synced(deps, planNumber) };
  }
  throw new ServiceFailure('Contention', `${planNumber} keeps changing`);
}

async function backfill(
  deps: PlanDeps,
  planNumber: string,
  window: { from: string; to: string; limit: number },
): ReturnType<Plans['backfill']> {
  const plan = await synced(deps, planNumber);
  if (plan.status === 'archived') return { kind: 'notNow', plan };
  const nominalTimes = occurrencesBetween(plan.terms, { ...window, limit: window.limit + 1 });
  if (nominalTimes.length > window.limit) return { kind: 'tooMany' };
  if (nominalTimes.length > 0) await deps.scheduler.backfill(planNumber, window);
  return { kind: 'done', nominalTimes };
}

/** The plan once its Schedule follows it. Who finds that it was changed meanwhile puts the later one: his own may have come last. */
async function synced({ plans, scheduler }: PlanDeps, planNumber: string): Promise<PlanRow> {
  let plan = await planOf({ plans }, planNumber);
  if (plan.syncedVersion === plan.version) return plan;
  for (;;) {
    if (plan.status === 'archived') await scheduler.remove(planNumber);
    else await scheduler.put(plan);
    await plans.markSynced(planNumber, plan.version);
    const now = await planOf({ plans }, planNumber);
    if (now.version === plan.version) return now;
    plan = now;
  }
}

async function planOf({ plans }: Pick<PlanDeps, 'plans'>, planNumber: string): Promise<PlanRow> {
  const plan = await plans.get(planNumber);
  if (!plan) throw new ServiceFailure('RequestRefused', `no plan ${planNumber}`);
  return plan;
}

/** Makes the Schedules of plans that were written and not scheduled, and answers how many. Harmless when several sweep at once.
 *  Fails with the first plan that could not be scheduled, once the others are. */
export async function sweepPlans(deps: PlanDeps): Promise<number> {
  const waiting = await deps.plans.unsynced(50);
  const ends = await Promise.allSettled(waiting.map(({ planNumber }) => synced(deps, planNumber)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return waiting.length;
}
