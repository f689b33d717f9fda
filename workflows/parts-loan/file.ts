/** The file of a parts loan: a child of a case with a life of its own, since an issued loan outlives a canceled case. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { AlertLevel } from '../../domain/case.ts';
import { partsLoanFlow } from '../../domain/flows/parts-loan/flow.ts';
import type { LoanTally, PartLine } from '../../domain/loan.ts';
import type { Recipient } from '../../domain/message.ts';
import type { ClockPlan, RepairPlan } from '../../domain/plan.ts';
import { type CaseFile, type Opened, openFile } from '../case-file/index.ts';
import { now, type Promises, type State } from '../kernel/run.ts';

/** What a loan was promised with its case. */
export type LoanPlan = Promises & Pick<RepairPlan, 'loan'>;

/** The input of a loan. */
export interface OpenedLoan extends Opened<LoanPlan> {
  /** `loan1`: its number within the case. */
  loan: string;
  /** Staff number of the engineer in charge, who would borrow; null while none is named. */
  borrower: string | null;
  lines: PartLine[];
  /** Services that the case was diverted from before it was opened. */
  diverted: State['diverted'];
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

/** What a loan knows of itself. */
export interface LoanFacts {
  /** Parts that the case reported as fitted. */
  used: PartLine[];
  /** From here on the parts may be out: the loan is no longer called off with its case. */
  passedCounter: boolean;
  /** Staff number of whoever signed for the parts; null before. */
  borrower: string | null;
  /** The case is done with the parts: the office waits for them. */
  comingBack: boolean;
  outstanding: LoanTally[];
  /** What a supervisor or the office decided and nobody carried out yet. */
  decisions: Decision[];
}

export type LoanStage = 'borrowingParts' | 'returningParts';
export interface LoanFile extends CaseFile<LoanStage, LoanPlan> {
  readonly opened: OpenedLoan;
  /** Its number in the parts ledger: `C-000001/loan1`. */
  readonly loanNumber: string;
  readonly facts: LoanFacts;
}

/** Opens the file of a loan. Fails for good on what is no opened loan. */
export function openLoanFile(opened: OpenedLoan): LoanFile {
  if (typeof opened?.loan !== 'string' || !Array.isArray(opened.lines))
    throw ApplicationFailure.nonRetryable('not an opened loan', 'invalidInput');
  const loanNumber = `${opened.caseNumber}/${opened.loan}`;
  const base: CaseFile<LoanStage, LoanPlan> = openFile(partsLoanFlow, opened, {
    name: opened.loan,
    begun: { status: 'inProgress', stage: 'borrowingParts', diverted: opened.diverted },
    mayCancel: () => !file.facts.passedCounter,
    onRung: (level) => remind(file, level),
  });
  const facts = base.keep('loan', nothingLent());
  const file: LoanFile = Object.assign(base, { opened, loanNumber, facts });
  return file;
}

const nothingLent = (): LoanFacts => ({
  used: [],
  passedCounter: false,
  borrower: null,
  comingBack: false,
  outstanding: [],
  decisions: [],
});

/** The borrower is reminded at the due time and at each overdue level. */
function remind(file: LoanFile, level: AlertLevel): void {
  const { loanNumber } = file;
  const dueAt = dueOf(file) ?? '';
  file.tell('loanOverdue', borrowerOf(file), { loanNumber, dueAt, level });
}

export const borrowerOf = ({ facts, plan }: LoanFile): Recipient =>
  facts.borrower === null
    ? { kind: 'role', role: 'engineer', territory: plan.territory }
    : { kind: 'staff', staffNumber: facts.borrower };

/** When the parts are due back, or null before the issue. */
export function dueOf(file: LoanFile): string | null {
  const clock = file.clocks().find(({ plan }) => plan.name === 'loanReturn');
  return clock ? new Date(clock.startedAt + clock.plan.targetMs).toISOString() : null;
}

/** Rungs at the due time and at each overdue level of the policy; wall clock (FLOW-LOAN). */
export function returnClock(dueAt: string, { loan }: LoanPlan): ClockPlan {
  const targetMs = Date.parse(dueAt) - now();
  const overdue = loan.overdueLevelsMs.map((ms, index) => ({
    percent: (100 * (targetMs + ms)) / targetMs,
    alertLevel: (index + 1) as 1 | 2 | 3,
  }));
  const rungs = [{ percent: 100, alertLevel: 0 as const }, ...overdue];
  return { name: 'loanReturn', targetMs, pausedBy: [], rungs };
}
