/** Row first, workflow second, answer last (D5): whoever repeats the call with its key finds the same case. */
import { type CaseStore, hashOf, type NewCase } from '../../db/index.ts';
import type { Actor } from '../../domain/case.ts';
import { flowDefinition } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/contracts.ts';
import { makePlan } from '../../domain/plan.ts';
import { type FactSources, gatherFacts } from './facts.ts';
import type { CaseStarter, Intake } from './index.ts';

export interface IntakeDeps extends FactSources {
  cases: Pick<CaseStore, 'open' | 'openedBy' | 'get'>;
  starter: CaseStarter;
  /** ISO 8601 UTC. */
  now: () => string;
}

/** A request that was checked against its flow's contract. */
export interface IntakeRequest {
  flow: string;
  /** Whose key it is: the same key of another caller is another key. */
  scope: string;
  key: string;
  actor: Actor;
  request: OpenRequest;
}

/** Opens a case, or says why not. Fails when database or engine do not answer: then the same key may be tried again. */
export async function openCase(deps: IntakeDeps, intake: IntakeRequest): Promise<Intake> {
  const now = deps.now();
  const { flow, actor, scope, key, request } = intake;
  const [before, found] = await Promise.all([
    deps.cases.openedBy({ scope, key, bodyHash: hashOf(request) }),
    planFor(deps, intake, now),
  ]);
  // what the key opened stands, whatever would be planned today
  if (before) return again(deps, before);
  if ('kind' in found) return found;
  const { plan } = found;
  const written = rowOf(intake, plan, now);
  const result = await deps.cases.open(written);
  if (result.kind === 'duplicate') return result;
  if (result.kind !== 'created') return again(deps, result);
  const { caseNumber } = result;
  // that it is started is written by the workflow's first word, or by the sweeper while nobody is at work
  const opened = { caseNumber, cycle: 1, flow, openedAt: now, openedBy: actor, plan };
  const { runId } = await deps.starter.start(opened);
  const { view } = result;
  const row = { ...written, view, runId, openTasks: [], revision: -1, started: true };
  return { kind: 'opened', caseNumber, row };
}

async function planFor(deps: IntakeDeps, { flow, request, actor }: IntakeRequest, now: string) {
  const definition = flowDefinition(flow);
  if (!definition)
    return { kind: 'unknown' as const, errors: [{ pointer: '/flow', detail: 'unknown flow' }] };
  const gathered = await gatherFacts(deps, definition, request, now);
  if ('errors' in gathered) return { kind: 'unknown' as const, errors: gathered.errors };
  const reason = request.overrideEntitlement?.reason;
  const override = reason === undefined ? null : { by: actor.id, reason };
  const planned = makePlan(request, { ...gathered.facts, override }, now);
  if ('plan' in planned) return planned;
  return {
    kind: 'entitlementMismatch' as const,
    evidence: planned.evidence,
    fits: planned.fits,
  };
}

function rowOf(intake: IntakeRequest, plan: NewCase['plan'], now: string): NewCase {
  const { request } = intake;
  return {
    key: intake.key,
    scope: intake.scope,
    bodyHash: hashOf(request),
    flow: intake.flow,
    firstStage: flowDefinition(intake.flow)?.stages[0]?.name ?? '',
    plan,
    contact: request.contact,
    faultText: request.fault.description,
    customerNumber: request.customerNumber,
    serialNumber: request.serialNumber,
    faultCode: request.fault.code,
    allowDuplicate: request.allowDuplicate !== undefined,
    duplicateReason: request.allowDuplicate?.reason,
    openedBy: intake.actor,
    openedAt: now,
  };
}

async function again(
  deps: IntakeDeps,
  before: { kind: 'same'; caseNumber: string } | { kind: 'keyReused' },
): Promise<Intake> {
  if (before.kind === 'same') await startAgain(deps, before.caseNumber);
  return before;
}

/** From what the row promised, not from what this call would promise now. */
async function startAgain({ cases, starter }: IntakeDeps, caseNumber: string): Promise<void> {
  const row = await cases.get(caseNumber);
  if (!row || row.started) return;
  const { flow, plan, openedAt, openedBy, view } = row;
  await starter.start({ caseNumber, cycle: view.cycle, flow, openedAt, openedBy, plan });
}
