/** What somebody in charge does to inspection plans; a refusal leaves one line in the audit log, and the plan as it was. */
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/case.ts';
import type { PlanTerms } from '../../domain/inspection-plan.ts';
import {
  backfillWindow,
  changedTerms,
  newPlan,
  planChange,
  planWord,
  termsOf,
} from '../../domain/inspection-plan-contracts.ts';
import { assetsOfRound } from '../../services/cases/index.ts';
import { createPlans, type PlanRow, type PlanTaken } from '../../services/inspection/index.ts';

import type { AppDeps } from '../deps.ts';
import { idempotencyKey, parse } from '../fields.ts';
import { planActionsFor, planners, planOn } from '../inspection-plan-page.ts';
import { actorIn, type Person, personOn } from '../plugins/auth.ts';
import { invalid, Problem } from '../problem.ts';
import { actIdOf, claimKey, scopeOf } from './deliver.ts';
import { recordingRefusals } from './refusal.ts';

type PlanRequest = FastifyRequest<{ Params: { planNumber: string } }>;
const plansOf = ({ stores, scheduler, now }: AppDeps) =>
  createPlans({ plans: stores.plans, scheduler, now });

/** Makes a plan, or finds the one that the key made. */
export function createPlan(deps: AppDeps, request: FastifyRequest) {
  return refusing(deps, request, 'createInspectionPlan', async (by) => {
    const key = idempotencyKey(request.headers);
    if (key === undefined) throw new Problem('headerMissing', { detail: 'Idempotency-Key' });
    const terms = termsOf(parse(newPlan, request.body));
    await checkAssets(deps, terms);
    const taken = await plansOf(deps).create({ scope: `plans/${by.id}`, key, terms, by });
    if (taken.kind === 'keyReused') throw new Problem('idempotencyKeyReused');
    return taken;
  });
}

/** Changes what the body names. */
export function changePlan(deps: AppDeps, request: PlanRequest): Promise<PlanRow> {
  const { planNumber } = request.params;
  return refusing(deps, request, `${planNumber} change`, async (by) => {
    const body = parse(planChange, request.body);
    const plan = await planOn(deps, planNumber);
    if (body.serialNumbers) await checkAssets(deps, changedTerms(plan.terms, body));
    const who = { by, reason: body.reason, actId: await actOf(deps, request, 'change', by, body) };
    const taken = await plansOf(deps).change(planNumber, (now) => changedTerms(now, body), who);
    return planAfter(taken, 'change', personOn(request));
  });
}

/** Pauses, resumes or archives, with a reason. */
export function sayToPlan(
  deps: AppDeps,
  request: PlanRequest,
  word: 'pause' | 'resume' | 'archive',
  said: unknown,
): Promise<PlanRow> {
  const { planNumber } = request.params;
  return refusing(deps, request, `${planNumber} ${word}`, async (by) => {
    const body = parse(planWord, said);
    await planOn(deps, planNumber);
    const who = { by, reason: body.reason, actId: await actOf(deps, request, word, by, body) };
    return planAfter(await plansOf(deps)[word](planNumber, who), word, personOn(request));
  });
}

/** So many rounds are opened at once. */
const most = 100;

/** Opens rounds of nominal times gone by; gives the nominal times in the window, whatever became of them before. */
export function backfillPlan(deps: AppDeps, request: PlanRequest) {
  const { planNumber } = request.params;
  return refusing(deps, request, `${planNumber} backfill`, async (by) => {
    const window = parse(backfillWindow, request.body);
    await planOn(deps, planNumber);
    const now = deps.now();
    if (Date.parse(window.to) > Date.parse(now))
      throw invalid([{ pointer: '/to', detail: `not after ${now}` }]);
    const taken = await plansOf(deps).backfill(planNumber, { ...window, limit: most });
    if (taken.kind === 'tooMany')
      throw invalid([{ pointer: '/from', detail: `at most ${most} rounds at once` }]);
    if (taken.kind === 'notNow') throw notNow(taken.plan, 'backfill', personOn(request));
    const { nominalTimes } = taken;
    await noteBackfill(deps, planNumber, by, { ...window, rounds: nominalTimes.length });
    return { nominalTimes };
  });
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

/** 403 before anything else: who may not plan learns nothing about the body. */
function refusing<T>(
  deps: AppDeps,
  request: FastifyRequest,
  subject: string,
  act: (by: Actor) => Promise<T>,
): Promise<T> {
  const person = personOn(request);
  return recordingRefusals(deps, { person, caseNumber: null, subject }, async () => {
    const by = actorIn(person, planners);
    if (!by)
      throw new Problem('forbidden', { detail: 'a supervisor or a manager plans inspections' });
    return act(by);
  });
}

/** The id under which a repetition with the same key finds its own act; null without a key. */
async function actOf(
  deps: AppDeps,
  request: PlanRequest,
  word: string,
  actor: Actor,
  body: unknown,
): Promise<string | null> {
  const key = idempotencyKey(request.headers);
  if (key === undefined) return null;
  const scope = scopeOf(request.params.planNumber, word, actor);
  await claimKey(deps, { scope, key, body, actor });
  return actIdOf(scope, key);
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
