/** The file of a parts loan: a child of a case with a life of its own, since an issued loan outlives a canceled case. */
import { ApplicationFailure, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { AlertLevel } from '../../domain/case.ts';
import { type Clock, newClock } from '../../domain/clock.ts';
import type { LoanTally, PartLine } from '../../domain/loan.ts';
import type { Recipient } from '../../domain/message.ts';
import type { RepairPlan } from '../../domain/plan.ts';
import * as messages from '../messages.ts';
import { type Caller, callerFor } from './call.ts';
import {
  checkExtension,
  checkWriteOff,
  type Decision,
  dueOf,
  factsOf,
  hearEnd,
  type LoanFacts,
  noteExtension,
  noteWriteOff,
} from './loan-words.ts';
import { sendMessage } from './messages.ts';
import { listenToReaders } from './read-model.ts';
import { type CaseState, newState } from './state.ts';
import { humanTask } from './tasks.ts';
import { onWord } from './words.ts';
import { isoNow, newWorkFile, now, once, recall, theFlow, type WorkFile } from './work-file.ts';

/** The input of a loan. */
export interface OpenedLoan {
  caseNumber: string;
  cycle: number;
  /** `loan1`: its number within the case. */
  loan: string;
  /** Staff number of the engineer in charge, who would borrow; null while none is named. */
  borrower: string | null;
  lines: PartLine[];
  /** Services that the case was diverted from before it was opened; left out: none. */
  diverted?: CaseState['diverted'];
  plan: Pick<RepairPlan, 'drill' | 'territory' | 'loan' | 'taskDueMs' | 'acknowledgeWithinMs'>;
  carried?: unknown;
}

export interface LoanFile {
  readonly opened: OpenedLoan;
  /** Its number in the parts ledger: `C-000001/loan1`. */
  readonly loanNumber: string;
  readonly work: WorkFile;
  readonly call: Caller;
  /** Parts that the case reported as fitted. */
  used(): PartLine[];
  /** True once the case is done with the parts, or they are due. */
  comeBack(): boolean;
  /** From here on the parts may have crossed the counter: the loan is no longer called off with its case. */
  passTheCounter(borrower: string): void;
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

export function openLoanFile(opened: OpenedLoan): LoanFile {
  if (typeof opened?.loan !== 'string' || !Array.isArray(opened.lines))
    throw ApplicationFailure.nonRetryable('not an opened loan', 'invalidInput');
  const state = (opened.carried as CaseState | undefined) ?? newLoanState(opened);
  const work = newWorkFile(
    {
      caseNumber: opened.caseNumber,
      cycle: opened.cycle,
      prefix: `${opened.loan}-`,
      taskDueMs: (task) => opened.plan.taskDueMs[task] ?? opened.plan.taskDueMs.default,
      view: () => null,
      onAnswer: () => undefined,
      mayCancel: () => !factsOf(work).passedCounter,
      drill: opened.plan.drill,
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

function newLoanState({ diverted }: OpenedLoan): CaseState {
  const facts: LoanFacts = {
    used: [],
    passedCounter: false,
    borrower: null,
    comingBack: false,
    outstanding: [],
    decisions: [],
  };
  return {
    ...newState(),
    status: 'inProgress',
    stage: 'borrowingParts',
    facts: { ...facts },
    ...(diverted ? { diverted } : {}),
  };
}

function listen(work: WorkFile): void {
  setHandler(messages.loanNoLongerNeeded, (act) => hearEnd(work, act));
  listenToReaders(work);
  onWord(work, messages.extendLoan, (act) => noteExtension(work, act), checkExtension);
  onWord(work, messages.writeOffLoan, (act) => noteWriteOff(work, act), checkWriteOff);
}

const isDue = (clock: Clock | undefined) => clock !== undefined && clock.fired.length > 0;

function wordsOf(work: WorkFile, opened: OpenedLoan): Omit<LoanFile, 'opened' | 'work' | 'call'> {
  const facts = factsOf(work);
  const loanNumber = `${opened.caseNumber}/${opened.loan}`;
  return {
    loanNumber,
    used: () => facts.used,
    comeBack: () => facts.comingBack || isDue(work.state.clocks.loanReturn),
    passTheCounter: (borrower) => {
      Object.assign(facts, { passedCounter: true, borrower });
      work.state.stage = 'returningParts';
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
      once(work, `tell.${template}`, () =>
        sendMessage(work, template, borrowerOf(work, opened), params),
      ),
    chase: (level) => {
      const dueAt = dueOf(work.state.clocks.loanReturn) ?? '';
      sendMessage(work, 'loanOverdue', borrowerOf(work, opened), { loanNumber, dueAt, level });
    },
  };
}

const borrowerOf = (work: WorkFile, { plan }: OpenedLoan): Recipient => {
  const { borrower } = factsOf(work);
  if (borrower === null) return { kind: 'role', role: 'engineer', territory: plan.territory };
  return { kind: 'staff', staffNumber: borrower };
};

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
