/** A round falls due: one case for each plan and nominal time, whoever asks how often (N22). */
import { ServiceFailure } from '../../db/failures.ts';
import type { Actor } from '../../domain/case.ts';
import type { RoundRequest } from '../../domain/flows/scheduled-inspection/plan.ts';
import type { Overlap, PlanTerms } from '../../domain/inspection-plan.ts';
import { type Intake, type IntakeDeps, openCase } from '../cases/index.ts';
import type { Occurrence, OccurrenceResult } from './occurrence-store.ts';
import type { PlanRow, PlanStore } from './plan-store.ts';

export interface OccurrenceDeps extends IntakeDeps {
  plans: PlanStore;
}

const scope = 'plans';
const theSchedule: Actor = { id: 'system:schedule', role: 'system' };

/** Opens the round of a nominal time, or says why not: what became of it stands for good, but for what waits. Fails when
 *  database or engine do not answer; then it may be tried again. */
export async function openOccurrence(
  deps: OccurrenceDeps,
  due: { planNumber: string; nominalAt: string },
): Promise<Occurrence> {
  const { planNumber, nominalAt } = due;
  const [plan, before] = await Promise.all([
    deps.plans.get(planNumber),
    deps.plans.occurrence(planNumber, nominalAt),
  ]);
  if (before && before.result !== 'buffered') return before;
  if (!plan) throw new ServiceFailure('RequestRefused', `no plan ${planNumber}`);
  const key = `${planNumber}/${nominalAt}`;
  const result = await openRound(deps, plan, { key, nominalAt });
  return deps.plans.recordOccurrence(planNumber, nominalAt, result);
}

async function openRound(
  deps: OccurrenceDeps,
  { planNumber, terms, status }: PlanRow,
  { key, nominalAt }: { key: string; nominalAt: string },
): Promise<OccurrenceResult> {
  if (status === 'archived') return notOpened('skipped', 'the plan was archived');
  const intake = await openCase(deps, {
    flow: 'scheduledInspection',
    because: [`round of ${planNumber} due ${nominalAt}`],
    scope,
    key,
    actor: theSchedule,
    source: { kind: 'schedule', caseNumber: null },
    request: requestOf(terms, { planNumber, nominalAt }),
  });
  // opened before the plan was changed, by an attempt that did not live to say so
  const caseNumber = intake.kind === 'keyReused' ? await deps.plans.roundUnder(scope, key) : null;
  return caseNumber
    ? { result: 'opened', caseNumber, detail: null }
    : resultOf(intake, terms.overlap);
}

function requestOf(terms: PlanTerms, due: { planNumber: string; nominalAt: string }): RoundRequest {
  const { customerNumber, phase, serialNumbers, severity, overlap, dueWithin } = terms;
  return {
    flow: 'scheduledInspection',
    customerNumber,
    phase,
    ...(serialNumbers ? { serialNumbers } : {}),
    severity,
    occurrence: { ...due, overlap, dueWithin },
  };
}

function resultOf(intake: Intake, overlap: Overlap): OccurrenceResult {
  switch (intake.kind) {
    case 'opened':
    case 'same':
      return { result: 'opened', caseNumber: intake.caseNumber, detail: null };
    case 'duplicate': {
      const { caseNumber } = intake;
      const result = overlap === 'bufferOne' ? 'buffered' : 'skipped';
      return { result, caseNumber, detail: 'the plan’s last round is still open' };
    }
    case 'unknown':
      return notOpened(
        'refused',
        intake.errors.map((one) => `${one.pointer}: ${one.detail}`).join('; '),
      );
    case 'entitlementMismatch':
      return notOpened('refused', intake.evidence.join('; '));
    case 'keyReused':
      return notOpened('refused', 'the key belongs to another request');
    default:
      return intake satisfies never;
  }
}

const notOpened = (result: 'skipped' | 'refused', detail: string): OccurrenceResult => ({
  result,
  caseNumber: null,
  detail,
});

/** Opens the rounds that waited for their plan's open one to end, and answers how many. Harmless when several do it at once. */
export async function openWaiting(deps: OccurrenceDeps): Promise<number> {
  const ready = await deps.plans.ready(50);
  for (const due of ready) await openOccurrence(deps, due);
  return ready.length;
}
