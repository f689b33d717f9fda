/** The parts that a case has on loan: borrowed, used, brought back (FLOW-LOAN, FLOW-PF-IW). Each loan is a workflow of its own. */
import {
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type LoanTally, type PartLine, shareOut } from '../../domain/loan.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { isEnvelope } from '../kernel/guard.ts';
import type { OpenedLoan } from '../kernel/loan-file.ts';
import type { UndoList } from '../kernel/settle.ts';
import {
  isoNow,
  nextOccurrence,
  publish,
  recall,
  theFlow,
  type WorkFile,
} from '../kernel/work-file.ts';
import { type LoanReport, loanNotNeeded, loanReported, partsUsed } from '../messages.ts';
import type { partsLoan } from '../parts-loan.ts';
import { searchAttributes } from '../search-attributes.ts';

type AnyCase = CaseFile<string>;

/** Called before the first `await`: from here on the case hears what its loans report. */
export function listenToLoans({ work }: AnyCase): void {
  work.state.facts.loans ??= {};
  setHandler(loanReported, (act) => {
    const report = isEnvelope(act) ? (act.answer as Partial<LoanReport> | null) : null;
    if (typeof report?.loan !== 'string' || !Array.isArray(report.lines)) {
      return void publish(work, {
        kind: 'signalIgnored',
        subject: 'loanReported',
        reason: 'not a report of a loan',
      });
    }
    loansOf(work)[report.loan] = report as LoanReport;
    publish(work, {
      kind: 'loanReported',
      subject: report.loan,
      detail: { status: report.status, lines: report.lines },
    });
  });
}

const loansOf = (work: WorkFile) => work.state.facts.loans as Record<string, LoanReport>;

/** Asks for the parts and waits until they are issued, or the loan is rejected. No lines: nothing to borrow. */
export async function borrow(
  file: AnyCase,
  undo: UndoList,
  lines: PartLine[],
): Promise<LoanReport['status']> {
  const { work } = file;
  const loan = `loan${nextOccurrence(work, 'startLoan')}`;
  undo.add('callOffLoan', { loan });
  await recall(work, 'startLoan', () => startLoan(file, loan, lines));
  const report = () => loansOf(work)[loan];
  await file.until(loan, 'partsKeeper', () => report() !== undefined);
  const status = report()?.status ?? 'canceled';
  if (status !== 'rejected' && status !== 'canceled')
    file.block({ kind: 'openLoan', id: loan, waivable: true });
  return status;
}

async function startLoan(file: AnyCase, loan: string, lines: PartLine[]): Promise<void> {
  const { caseNumber, plan, work } = file;
  const opened: OpenedLoan = {
    caseNumber,
    cycle: work.identity.cycle,
    loan,
    borrower: work.state.assignee,
    lines,
    plan: {
      territory: plan.territory,
      loan: plan.loan,
      taskDueMs: plan.taskDueMs,
      acknowledgeWithinMs: plan.acknowledgeWithinMs,
    },
  };
  await startChild<typeof partsLoan>('partsLoan', {
    workflowId: idOf(file, loan),
    args: [opened],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    staticSummary: `${loan} of ${caseNumber}: ${lines.map((line) => `${line.quantity} × ${line.partNumber}`).join(', ')}`,
    typedSearchAttributes: [
      { key: searchAttributes.flow, value: 'partsLoan' },
      { key: searchAttributes.customer, value: plan.customerNumber },
      { key: searchAttributes.asset, value: plan.serialNumber },
      { key: searchAttributes.territory, value: plan.territory },
    ],
  });
}

const idOf = (file: AnyCase, loan: string) => `${workflowInfo().workflowId}/${loan}`;
const act = <T>(file: AnyCase, loan: string, word: string, answer: T) => ({
  actor: theFlow,
  occurredAt: isoNow(),
  actId: `${file.caseNumber}/${loan}/${word}/${file.work.state.revision}`,
  answer,
});

/** What is out on loan, over all loans of the case. */
export function onLoan({ work }: AnyCase): LoanTally[] {
  return Object.values(loansOf(work))
    .flatMap((loan) => loan.lines)
    .filter((line) => line.outstanding > 0);
}

/** Tells each loan which of its parts were fitted: those come back as old parts, with the slip. */
export async function reportUse(file: AnyCase, used: PartLine[]): Promise<void> {
  for (const { loan, lines } of shareOut(used, Object.values(loansOf(file.work)))) {
    await recall(file.work, 'reportUse', () =>
      getExternalWorkflowHandle(idOf(file, loan)).signal(
        partsUsed,
        act(file, loan, 'partsUsed', { lines }),
      ),
    );
  }
}

/** The undo of `borrow`: a loan not issued yet is called off, an issued one goes on by itself until it is cleared. */
export function callOffLoan(file: AnyCase, loan: string): Promise<void> {
  const word = act(file, loan, 'loanNotNeeded', {});
  return getExternalWorkflowHandle(idOf(file, loan))
    .signal(loanNotNeeded, word)
    .catch(() => undefined);
}

/** The field office clears every loan against old part and slip, unless a supervisor waives one by name (I3). */
export async function loansCleared(file: AnyCase): Promise<void> {
  for (const { loan, status } of Object.values(loansOf(file.work))) {
    if (status === 'rejected' || status === 'canceled') continue;
    await file.until(
      loan,
      'partsKeeper',
      () => loansOf(file.work)[loan]?.status === 'cleared' || file.isWaived(loan),
    );
    if (loansOf(file.work)[loan]?.status === 'cleared') file.unblock(loan);
  }
}
