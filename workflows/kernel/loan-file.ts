/** The file of a parts loan: a child of a case with a life of its own, since an issued loan outlives a canceled case. */
import {
  ApplicationFailure,
  getExternalWorkflowHandle,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import type { AlertLevel, Envelope } from '../../domain/case.ts';
import { type Clock, newClock } from '../../domain/clock.ts';
import type { ActionBody } from '../../domain/contracts.ts';
import type { LoanTally, PartLine } from '../../domain/loan.ts';
import type { Recipient } from '../../domain/message.ts';
import type { CasePlan } from '../../domain/plan.ts';
import * as messages from '../messages.ts';
import { type Caller, callerFor } from './call.ts';
import { isEnvelope, refuse } from './guard.ts';
import { sendMessage } from './messages.ts';
import { type CaseState, newState } from './state.ts';
import { humanTask } from './tasks.ts';
import { onWord } from './words.ts';
import {
  isoNow,
  newWorkFile,
  now,
  once,
  publish,
  recall,
  theFlow,
  type WorkFile,
} from './work-file.ts';

/** The input of a loan. */
export interface OpenedLoan {
  caseNumber: string;
  cycle: number;
  /** `loan1`: its number within the case. */
  loan: string;
  /** Staff number of the borrower, or null while no engineer is named. */
  borrower: string | null;
  lines: PartLine[];
  plan: Pick<CasePlan, 'territory' | 'loan' | 'taskDueMs' | 'acknowledgeWithinMs'>;
  carried?: unknown;
}

/** Lines written off by name, or more time: said as an action, carried out by the flow. */
export type Decision =
  | {
      kind: 'writeOff';
      lines: PartLine[];
      chargeTo: 'technician' | 'customer' | 'company';
      reason: string;
    }
  | { kind: 'extend'; dueAt: string };

export interface LoanFile {
  readonly opened: OpenedLoan;
  readonly work: WorkFile;
  readonly call: Caller;
  /** Parts that the case reported as fitted. */
  used(): PartLine[];
  /** True once the case is done with the parts, or they are due. */
  comeBack(): boolean;
  /** From here on the parts may have crossed the counter: the loan is no longer called off with its case. */
  passTheCounter(): void;
  /** Starts the return clock, or starts it anew to another due time. */
  startReturnClock(dueAt: string): void;
  /** What a supervisor or the office decided and nobody carried out yet. */
  decisions: Decision[];
  /** Tells the case where the loan stands; a case that has ended no longer listens. */
  report(status: messages.LoanReport['status'], lines?: LoanTally[]): Promise<void>;
  tell(template: 'loanIssued', params: Record<string, string | number>): void;
  /** The borrower is reminded at the due time and at each overdue level. */
  chase(level: AlertLevel): void;
}

interface LoanFacts {
  used: PartLine[];
  passedCounter: boolean;
  /** The case is done with the parts: the office waits for them. */
  comingBack: boolean;
  outstanding: LoanTally[];
  decisions: Decision[];
}
const factsOf = (work: WorkFile) => work.state.facts as unknown as LoanFacts;

export function openLoanFile(opened: OpenedLoan): LoanFile {
  if (typeof opened?.loan !== 'string' || !Array.isArray(opened.lines))
    throw ApplicationFailure.nonRetryable('not an opened loan', 'invalidInput');
  const state = (opened.carried as CaseState | undefined) ?? newLoanState();
  const work = newWorkFile(
    {
      caseNumber: opened.caseNumber,
      cycle: opened.cycle,
      prefix: `${opened.loan}-`,
      taskDueMs: (task) => opened.plan.taskDueMs[task] ?? opened.plan.taskDueMs.default,
      view: () => null,
      onAnswer: () => undefined,
      next: (carried) => ({ ...opened, carried }),
    },
    state,
  );
  listen(work);
  return {
    opened,
    work,
    call: callerFor(work, humanTask(messages.resolveFailure, work)),
    ...wordsOf(work, opened),
  };
}

function newLoanState(): CaseState {
  const facts: LoanFacts = {
    used: [],
    passedCounter: false,
    comingBack: false,
    outstanding: [],
    decisions: [],
  };
  return { ...newState(), status: 'inProgress', facts: { ...facts } };
}

function listen(work: WorkFile): void {
  setHandler(messages.loanNoLongerNeeded, (act) => hearEnd(work, act));
  setHandler(messages.readTasks, () => work.state.openTasks);
  setDefaultSignalHandler((name) => {
    ignore(work, name.slice(0, 80), 'not known to a loan');
  });
  onWord(work, messages.extendLoan, (act) => noteExtension(work, act), checkExtension);
  onWord(work, messages.writeOffLoan, (act) => noteWriteOff(work, act), checkWriteOff);
}

const ignore = (work: WorkFile, subject: string, reason: string) =>
  publish(work, { kind: 'signalIgnored', subject, reason });

function hearEnd(work: WorkFile, act: unknown): void {
  const facts = factsOf(work);
  const used = isEnvelope(act) ? (act.answer as { used?: PartLine[] } | null)?.used : undefined;
  if (!isEnvelope(act) || !Array.isArray(used)) {
    ignore(work, 'loanNoLongerNeeded', 'not an envelope');
  } else if (facts.passedCounter) {
    Object.assign(facts, { comingBack: true, used });
  } else {
    const { actor, reason = 'not needed' } = act;
    work.state.ending ??= { kind: 'canceled', actor, reason };
    work.scope.cancel();
  }
}

function noteExtension(work: WorkFile, act: Envelope<ActionBody<'extendLoan'>>): number {
  const { dueAt, loan, reason } = act.answer;
  factsOf(work).decisions.push({ kind: 'extend', dueAt });
  const detail = { dueAt, was: dueOf(work.state.clocks.loanReturn) };
  const { actor, actId: updateId } = act;
  return publish(work, { kind: 'loanExtended', actor, reason, updateId, subject: loan, detail });
}

function noteWriteOff(work: WorkFile, act: Envelope<ActionBody<'writeOffLoan'>>): number {
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

function checkExtension(work: WorkFile, name: string, act: Envelope<unknown>): void {
  checkIsOut(work, name);
  const { dueAt } = act.answer as ActionBody<'extendLoan'>;
  if (Date.parse(dueAt) > now()) return;
  refuse(work, 'illegalTransition', 'the new due time lies in the past');
}

function checkWriteOff(work: WorkFile, name: string, act: Envelope<unknown>): void {
  checkIsOut(work, name);
  const { lines } = act.answer as ActionBody<'writeOffLoan'>;
  const tooMuch = lines.find((line) => line.quantity > outOf(work, line.partNumber));
  if (tooMuch) refuse(work, 'invalidAnswer', `not as many of ${tooMuch.partNumber} are out`);
}

const isDue = (clock: Clock | undefined) => clock !== undefined && clock.fired.length > 0;

const dueOf = (clock: Clock | undefined): string | null =>
  clock ? new Date(clock.startedAt + clock.plan.targetMs).toISOString() : null;

function wordsOf(work: WorkFile, opened: OpenedLoan): Omit<LoanFile, 'opened' | 'work' | 'call'> {
  const facts = factsOf(work);
  return {
    used: () => facts.used,
    comeBack: () => facts.comingBack || isDue(work.state.clocks.loanReturn),
    passTheCounter: () => {
      facts.passedCounter = true;
    },
    startReturnClock: (dueAt) =>
      once(work, 'startReturnClock', () => {
        work.state.clocks.loanReturn = returnClock(dueAt, opened);
      }),
    decisions: facts.decisions,
    report: (status, lines = []) =>
      recall(work, 'report', async (occurrence) => {
        facts.outstanding = lines;
        await tellCase(opened, `${opened.loan}/report/${occurrence}`, {
          loan: opened.loan,
          status,
          lines,
        });
      }),
    tell: (template, params) =>
      once(work, `tell.${template}`, () => sendMessage(work, template, borrowerOf(opened), params)),
    chase: (level) => {
      const loanNumber = `${opened.caseNumber}/${opened.loan}`;
      const dueAt = dueOf(work.state.clocks.loanReturn) ?? '';
      sendMessage(work, 'loanOverdue', borrowerOf(opened), { loanNumber, dueAt, level });
    },
  };
}

const borrowerOf = ({ borrower, plan }: OpenedLoan): Recipient =>
  borrower
    ? { kind: 'staff', staffNumber: borrower }
    : { kind: 'role', role: 'engineer', territory: plan.territory };

/** Rungs at the due time and at each overdue level of the policy; wall clock (FLOW-LOAN). */
function returnClock(dueAt: string, { plan }: OpenedLoan): Clock {
  const startedAt = now();
  const targetMs = Date.parse(dueAt) - startedAt;
  const overdue = plan.loan.overdueLevelsMs.map((ms, index) => ({
    percent: (100 * (targetMs + ms)) / targetMs,
    alertLevel: (index + 1) as 1 | 2 | 3,
  }));
  const rungs = [{ percent: 100, alertLevel: 0 as const }, ...overdue];
  return newClock({ name: 'loanReturn', targetMs, pausedBy: [], rungs }, startedAt);
}

async function tellCase(
  opened: OpenedLoan,
  actId: string,
  report: messages.LoanReport,
): Promise<void> {
  const ofCase = getExternalWorkflowHandle(opened.caseNumber);
  const act = { actor: theFlow, occurredAt: isoNow(), actId, answer: report };
  await ofCase.signal(messages.loanReported, act).catch(() => undefined);
}
