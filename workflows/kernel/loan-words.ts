/** What others say to a loan: its case, the field office, a supervisor. */

import type { ActionBody } from '../../domain/action-contracts.ts';
import type { Envelope } from '../../domain/case.ts';
import type { Clock } from '../../domain/clock.ts';
import { areLines, type LoanTally, type PartLine } from '../../domain/loan.ts';
import { isEnvelope, refuse } from './guard.ts';
import { ignoreSignal } from './read-model.ts';
import { now, publish, type WorkFile } from './work-file.ts';

/** Lines written off by name, or more time: said as an action, carried out by the flow. */
export type Decision =
  | {
      kind: 'writeOff';
      lines: PartLine[];
      chargeTo: 'technician' | 'customer' | 'company';
      reason: string;
    }
  | { kind: 'extend'; dueAt: string };

/** What a loan knows beside its case file's state. */
export interface LoanFacts {
  used: PartLine[];
  passedCounter: boolean;
  /** Staff number of whoever signed for the parts; null before. */
  borrower: string | null;
  /** The case is done with the parts: the office waits for them. */
  comingBack: boolean;
  outstanding: LoanTally[];
  decisions: Decision[];
}
export const factsOf = (work: WorkFile) => work.state.facts as unknown as LoanFacts;

/** The case is done with the parts: called off before the issue, awaited after it. */
export function hearEnd(work: WorkFile, act: unknown): void {
  const facts = factsOf(work);
  const used = isEnvelope(act) ? (act.answer as { used?: PartLine[] } | null)?.used : undefined;
  if (!isEnvelope(act) || !used || !areLines(used, 'quantity')) {
    ignoreSignal(work, 'loanNoLongerNeeded', 'not an envelope');
  } else if (facts.passedCounter) {
    Object.assign(facts, { comingBack: true, used });
  } else {
    const { actor, reason = 'not needed' } = act;
    work.state.ending ??= { kind: 'canceled', actor, reason };
    work.scope.cancel();
  }
}

/** More time, both dates kept. */
export function noteExtension(work: WorkFile, act: Envelope<ActionBody<'extendLoan'>>): number {
  const { dueAt, loan, reason } = act.answer;
  factsOf(work).decisions.push({ kind: 'extend', dueAt });
  const detail = { dueAt, was: dueOf(work.state.clocks.loanReturn) };
  const { actor, actId: updateId } = act;
  return publish(work, { kind: 'loanExtended', actor, reason, updateId, subject: loan, detail });
}

export function noteWriteOff(work: WorkFile, act: Envelope<ActionBody<'writeOffLoan'>>): number {
  const { lines, chargeTo, reason, loan } = act.answer;
  factsOf(work).decisions.push({ kind: 'writeOff', lines, chargeTo, reason });
  const { actor, actId: updateId } = act;
  const detail = { lines, chargeTo };
  return publish(work, { kind: 'loanWriteOff', actor, reason, updateId, subject: loan, detail });
}

const outOf = (work: WorkFile, partNumber: string) =>
  factsOf(work).outstanding.find((line) => line.partNumber === partNumber)?.outstanding ?? 0;

function checkIsOut(work: WorkFile, name: string): void {
  if (factsOf(work).outstanding.some((line) => line.outstanding > 0)) return;
  refuse(work, 'illegalTransition', `${name}: nothing is out on this loan`);
}

export function checkExtension(work: WorkFile, name: string, act: Envelope<unknown>): void {
  checkIsOut(work, name);
  const { dueAt } = act.answer as ActionBody<'extendLoan'>;
  if (Date.parse(dueAt) > now()) return;
  refuse(work, 'invalidAnswer', '/dueAt: lies in the past');
}

export function checkWriteOff(work: WorkFile, name: string, act: Envelope<unknown>): void {
  checkIsOut(work, name);
  const { lines } = act.answer as ActionBody<'writeOffLoan'>;
  const tooMuch = lines.find((line) => line.quantity > outOf(work, line.partNumber));
  if (tooMuch) refuse(work, 'invalidAnswer', `not as many of ${tooMuch.partNumber} are out`);
}

/** When the parts are due back, or null before the issue. */
export const dueOf = (clock: Clock | undefined): string | null =>
  clock ? new Date(clock.startedAt + clock.plan.targetMs).toISOString() : null;
