/** What somebody in charge does to inspection plans; a refusal leaves one line in the audit log, and the plan as it was. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Actor } from '../../domain/case.ts';
import type { PlanTerms } from '../../domain/inspection-plan.ts';
import {
  type backfillWindow,
  changedTerms,
  type NewPlanBody,
  type PlanChange,
  termsOf,
} from '../../domain/inspection-plan-contracts.ts';
import { assetsOfRound } from '../../services/cases/index.ts';
import type { PlanRow } from '../../services/inspection/index.ts';
import { createPlans, type PlanTaken } from '../../services/inspection/index.ts';
import type { AppDeps } from '../deps.ts';
import { planActionsFor, planners, planOn } from '../inspection-plan-page.ts';
import { actorIn, actorOf, type Person } from '../plugins/auth.ts';
import { invalid, Problem } from '../problem.ts';
import { actIdOf, claimKey, scopeOf } from './deliver.ts';

/** One person's word about one plan; `key` is undefined where none was sent. */
export interface PlanCall {
  person: Person;
  planNumber: string;
  key: string | undefined;
}
const plansOf = ({ stores, scheduler, now }: AppDeps) =>
  createPlans({ plans: stores.plans, scheduler, now });
const plannerOf = (person: Person): Actor => actorIn(person, planners) ?? actorOf(person);

/** Makes a plan, or finds the one that the key made. */
export async function createPlan(deps: AppDeps, person: Person, key: string, body: NewPlanBody) {
  const by = plannerOf(person);
  const terms = termsOf(body);
  await checkAssets(deps, terms);
  const taken = await plansOf(deps).create({ scope: `plans/${by.id}`, key, terms, by });
  if (taken.kind === 'keyReused') throw new Problem('idempotencyKeyReused');
  return taken;
}

/** Changes what the body names. */
export async function changePlan(
  deps: AppDeps,
  call: PlanCall,
  body: PlanChange,
): Promise<PlanRow> {
  const { planNumber, person } = call;
  const plan = await planOn(deps, planNumber);
  if (body.serialNumbers) await checkAssets(deps, changedTerms(plan.terms, body));
  const who = await whoSays(deps, call, 'change', body);
  const taken = await plansOf(deps).change(planNumber, (now) => changedTerms(now, body), who);
  return planAfter(taken, 'change', person);
}

/** Pauses, resumes or archives, with a reason. */
export async function sayToPlan(
  deps: AppDeps,
  call: PlanCall,
  word: 'pause' | 'resume' | 'archive',
  said: { reason: string },
): Promise<PlanRow> {
  const { planNumber, person } = call;
  await planOn(deps, planNumber);
  const who = await whoSays(deps, call, word, said);
  return planAfter(await plansOf(deps)[word](planNumber, who), word, person);
}

/** So many rounds are opened at once. */
const most = 100;

/** Opens rounds of nominal times gone by; gives the nominal times in the window, whatever became of them before. */
export async function backfillPlan(
  deps: AppDeps,
  { planNumber, person }: PlanCall,
  window: z.output<typeof backfillWindow>,
) {
  await planOn(deps, planNumber);
  const now = deps.now();
  if (Date.parse(window.to) > Date.parse(now))
    throw invalid([{ pointer: '/to', detail: `not after ${now}` }]);
  const taken = await plansOf(deps).backfill(planNumber, { ...window, limit: most });
  if (taken.kind === 'tooMany')
    throw invalid([{ pointer: '/from', detail: `at most ${most} rounds at once` }]);
  if (taken.kind === 'notNow') throw notNow(taken.plan, 'backfill', person);
  const { nominalTimes } = taken;
  const rounds = nominalTimes.length;
  await noteBackfill(deps, planNumber, plannerOf(person), { ...window, rounds });
  return { nominalTimes };
}

const noteBackfill = ({ stores, now }: AppDeps, planNumber: string, actor: Actor, detail: object) =>
  stores.timeline.append({
    eventKey: `${planNumber}/backfill/${randomUUID()}`,
    caseNumber: null,
    event: {
      kind: 'planBackfilled',
      at: now(),
      actor,
      reason: null,
      subject: planNumber,
      updateId: null,
      detail: { ...detail },
    },
  });

/** Who says it and why, under the id by which a repetition with the same key finds its own act; null without a key. */
async function whoSays(
  deps: AppDeps,
  { planNumber, person, key }: PlanCall,
  word: string,
  body: { reason: string },
) {
  const by = plannerOf(person);
  const scope = scopeOf(planNumber, word, by);
  if (key !== undefined) await claimKey(deps, { scope, key, body, actor: by });
  return { by, reason: body.reason, actId: key === undefined ? null : actIdOf(scope, key) };
}

/** 422 by field for a customer or assets that nobody knows, or that don't belong together. */
async function checkAssets({ stores }: AppDeps, terms: PlanTerms): Promise<void> {
  const round = await assetsOfRound(stores.directory, terms);
  if ('errors' in round) throw invalid(round.errors);
}

function planAfter(taken: PlanTaken, word: string, person: Person): PlanRow {
  if (taken.kind === 'notNow') throw notNow(taken.plan, word, person);
  return taken.plan;
}

const notNow = (plan: PlanRow, word: string, person: Person): Problem =>
  new Problem('illegalTransition', {
    detail: `${word}: the plan is ${plan.status}`,
    more: { currentStatus: plan.status, allowedActions: planActionsFor(person, plan) },
  });
