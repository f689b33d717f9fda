/** A case falls due: one for each schedule and nominal time, whoever asks how often (N22). */
import { ServiceFailure } from '../../db/failures.ts';
import type { FieldError } from '../../domain/problems.ts';
import type { OccurrenceDue, Overlap, ScheduleTerms } from '../../domain/schedule.ts';
import { type Intake, type IntakeDeps, openCase } from '../cases/index.ts';
import type { Occurrence, OccurrenceResult } from './occurrence-store.ts';
import type { ScheduleRow, ScheduleStore } from './schedule-store.ts';
import { requestOf, source, theSchedule } from './template.ts';

export interface OccurrenceDeps extends IntakeDeps {
  schedules: ScheduleStore;
}

const scope = 'schedules';

/** Opens the case of a nominal time, or says why not: what became of it stands for good, but for what waits. Fails when
 *  database or engine do not answer, or the door is busy; then it may be tried again. */
export async function openOccurrence(
  deps: OccurrenceDeps,
  { scheduleNumber, nominalAt }: OccurrenceDue,
): Promise<Occurrence> {
  const [schedule, before] = await Promise.all([
    deps.schedules.get(scheduleNumber),
    deps.schedules.occurrence(scheduleNumber, nominalAt),
  ]);
  if (before && before.result !== 'buffered') return before;
  if (!schedule) throw new ServiceFailure('RequestRefused', `no schedule ${scheduleNumber}`);
  const result = await openDue(deps, schedule, nominalAt);
  return deps.schedules.recordOccurrence(scheduleNumber, nominalAt, result);
}

async function openDue(
  deps: OccurrenceDeps,
  { scheduleNumber, terms, status }: ScheduleRow,
  nominalAt: string,
): Promise<OccurrenceResult> {
  if (status === 'archived') return notOpened('skipped', 'the schedule was archived');
  const key = `${scheduleNumber}/${nominalAt}`;
  const intake = await intakeOf(deps, terms, { scheduleNumber, nominalAt }, key);
  const opened = intake.kind === 'opened' || intake.kind === 'same';
  // by an attempt that did not live to say so, before schedule, customer or contract were changed
  const caseNumber = opened ? null : await deps.schedules.caseUnder(scope, key);
  return caseNumber
    ? { result: 'opened', caseNumber, detail: null }
    : resultOf(intake, terms.overlap);
}

async function intakeOf(
  deps: OccurrenceDeps,
  terms: ScheduleTerms,
  due: OccurrenceDue,
  key: string,
): Promise<Intake> {
  const asked = await requestOf(deps, terms);
  if ('errors' in asked) return { kind: 'unknown', errors: asked.errors };
  const { flow, overlap } = terms;
  return openCase(deps, {
    flow,
    because: [`due ${due.nominalAt} by ${due.scheduleNumber}`],
    scope,
    key,
    actor: theSchedule,
    source,
    request: asked.request,
    occurrence: { ...due, overlap },
  });
}

function resultOf(intake: Intake, overlap: Overlap): OccurrenceResult {
  switch (intake.kind) {
    case 'opened':
    case 'same':
      return { result: 'opened', caseNumber: intake.caseNumber, detail: null };
    case 'duplicate': {
      const { caseNumber } = intake;
      const result = overlap === 'bufferOne' ? 'buffered' : 'skipped';
      return { result, caseNumber, detail: 'the schedule’s last case is still open' };
    }
    case 'unknown':
      return notOpened('refused', said(intake.errors));
    case 'entitlementMismatch':
      return notOpened('refused', intake.evidence.join('; '));
    case 'keyReused':
      return notOpened('refused', 'the key belongs to another request');
    case 'busy':
      throw new ServiceFailure('Unavailable', 'more is being opened than is worked off');
    default:
      return intake satisfies never;
  }
}

const said = (errors: FieldError[]): string =>
  errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');

const notOpened = (result: 'skipped' | 'refused', detail: string): OccurrenceResult => ({
  result,
  caseNumber: null,
  detail,
});

/** Opens the cases that waited for their schedule's open one to end, and answers how many. Harmless when several do it at once. */
export async function openWaiting(deps: OccurrenceDeps): Promise<number> {
  const ready = await deps.schedules.ready(50);
  for (const due of ready) await openOccurrence(deps, due);
  return ready.length;
}
