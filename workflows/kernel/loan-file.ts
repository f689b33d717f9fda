/** The file of a parts loan: a child of a case with a life of its own, since an issued loan outlives a canceled case. */
import {
  ApplicationFailure,
  getExternalWorkflowHandle,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { type Clock, newClock } from '../../domain/clock.ts';
import type { LoanTally, PartLine } from '../../domain/loan.ts';
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

/** What a supervisor writes off, waiting for the flow to do it. */
export interface WriteOff {
  lines: PartLine[];
  chargeTo: 'technician' | 'customer' | 'company';
  reason: string;
}

export interface LoanFile {
  readonly opened: OpenedLoan;
  readonly work: WorkFile;
  readonly call: Caller;
  /** Parts that the case reported as fitted. */
  used(): PartLine[];
  /** From here on the parts may have crossed the counter: the loan is no longer called off with its case. */
  passTheCounter(): void;
  startReturnClock(dueAt: string): void;
  nextWriteOff(): WriteOff | undefined;
  nextExtension(): string | undefined;
  takeWriteOff(): void;
  takeExtension(): void;
  /** Tells the case where the loan stands; a case that has ended no longer listens. */
  report(status: messages.LoanReport['status'], lines?: LoanTally[]): Promise<void>;
  tell(template: 'loanIssued' | 'loanOverdue', params: Record<string, string | number>): void;
}

interface LoanFacts {
  used: PartLine[];
  passedCounter: boolean;
  outstanding: LoanTally[];
  writeOffs: WriteOff[];
  extensions: string[];
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
    outstanding: [],
    writeOffs: [],
    extensions: [],
  };
  return { ...newState(), status: 'inProgress', facts: { ...facts } };
}

function listen(work: WorkFile): void {
  const facts = factsOf(work);
  const isOut = (file: WorkFile, name: string) => {
    if (!facts.outstanding.some((line) => line.outstanding > 0))
      refuse(file, 'illegalTransition', `${name}: nothing is out on this loan`);
  };
  setHandler(messages.partsUsed, (act) => {
    if (isEnvelope(act) && Array.isArray(act.answer?.lines)) facts.used.push(...act.answer.lines);
    else publish(work, { kind: 'signalIgnored', subject: 'partsUsed', reason: 'not an envelope' });
  });
  setHandler(messages.loanNotNeeded, (act) => {
    if (!isEnvelope(act) || facts.passedCounter)
      return void publish(work, {
        kind: 'signalIgnored',
        subject: 'loanNotNeeded',
        reason: 'the parts are issued',
      });
    work.state.ending ??= {
      kind: 'canceled',
      actor: act.actor,
      reason: act.reason ?? 'not needed',
    };
    work.scope.cancel();
  });
  setDefaultSignalHandler(
    (name) =>
      void publish(work, {
        kind: 'signalIgnored',
        subject: name.slice(0, 80),
        reason: 'not known to a loan',
      }),
  );
  setHandler(messages.readTasks, () => work.state.openTasks);
  onWord(
    work,
    messages.extendLoan,
    (act) => {
      facts.extensions.push(act.answer.dueAt);
      return publish(work, {
        kind: 'loanExtended',
        actor: act.actor,
        reason: act.answer.reason,
        updateId: act.actId,
        subject: act.answer.loan,
        detail: { dueAt: act.answer.dueAt, was: dueOf(work.state.clocks.loanReturn) },
      });
    },
    (file, name, act) => {
      isOut(file, name);
      if (Date.parse((act.answer as { dueAt: string }).dueAt) <= now())
        refuse(file, 'illegalTransition', 'the new due time lies in the past');
    },
  );
  onWord(
    work,
    messages.writeOffLoan,
    (act) => {
      const { lines, chargeTo, reason, loan } = act.answer;
      facts.writeOffs.push({ lines, chargeTo, reason });
      return publish(work, {
        kind: 'loanWriteOffDecided',
        actor: act.actor,
        reason,
        updateId: act.actId,
        subject: loan,
        detail: { lines, chargeTo },
      });
    },
    (file, name, act) => {
      isOut(file, name);
      const { lines } = act.answer as { lines: PartLine[] };
      const tooMuch = lines.find(
        (line) =>
          line.quantity >
          (facts.outstanding.find((out) => out.partNumber === line.partNumber)?.outstanding ?? 0),
      );
      if (tooMuch) refuse(file, 'invalidAnswer', `not as many of ${tooMuch.partNumber} are out`);
    },
  );
}

const dueOf = (clock: Clock | undefined): string | null =>
  clock ? new Date(clock.startedAt + clock.plan.targetMs).toISOString() : null;

function wordsOf(work: WorkFile, opened: OpenedLoan): Omit<LoanFile, 'opened' | 'work' | 'call'> {
  const facts = factsOf(work);
  return {
    used: () => facts.used,
    passTheCounter: () => void (facts.passedCounter = true),
    startReturnClock: (dueAt) =>
      once(
        work,
        'startReturnClock',
        () => void (work.state.clocks.loanReturn = returnClock(dueAt, opened)),
      ),
    nextWriteOff: () => facts.writeOffs[0],
    nextExtension: () => facts.extensions[0],
    takeWriteOff: () => once(work, 'takeWriteOff', () => void facts.writeOffs.shift()),
    takeExtension: () =>
      once(work, 'takeExtension', () => {
        const dueAt = facts.extensions.shift();
        if (dueAt) work.state.clocks.loanReturn = returnClock(dueAt, opened);
      }),
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
        sendMessage(
          work,
          template,
          opened.borrower
            ? { kind: 'staff', staffNumber: opened.borrower }
            : { kind: 'role', role: 'engineer', territory: opened.plan.territory },
          params,
        ),
      ),
  };
}

/** Rungs at the due time and at each overdue level of the policy; wall clock (FLOW-LOAN). */
function returnClock(dueAt: string, { plan }: OpenedLoan): Clock {
  const startedAt = now();
  const targetMs = Date.parse(dueAt) - startedAt;
  const rungs = plan.loan.overdueLevelsMs.map((ms, index) => ({
    percent: (100 * (targetMs + ms)) / targetMs,
    alertLevel: (index + 1) as 1 | 2 | 3,
  }));
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
