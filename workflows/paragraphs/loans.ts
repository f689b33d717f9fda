/** The parts that a case has on loan: borrowed, used, brought back (FLOW-LOAN, FLOW-PF-IW). Each loan is a workflow of its own. */
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { areLines, type LoanTally, type PartLine, shareOut } from '../../domain/loan.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { isEnvelope } from '../kernel/guard.ts';
import type { OpenedLoan } from '../kernel/loan-file.ts';
import { ignoreSignal } from '../kernel/read-model.ts';
import type { UndoList } from '../kernel/settle.ts';
import {
  isoNow,
  nextOccurrence,
  publish,
  recall,
  theFlow,
  until,
  type WorkFile,
  waitingFor,
} from '../kernel/work-file.ts';
import { type LoanReport, loanNoLongerNeeded, loanReported } from '../messages.ts';
import type { partsLoan } from '../parts-loan.ts';
import { searchAttributes } from '../search-attributes.ts';

type AnyCase = CaseFile<string>;

/** Called before the first `await`: from here on the case hears what its loans report. */
export function listenToLoans({ work }: AnyCase): void {
  work.state.facts.loans ??= {};
  setHandler(loanReported, (act) => {
    const report = isEnvelope(act) ? act.answer : null;
    if (!isReport(report) || !Object.hasOwn(loansOf(work), report.loan))
      return ignoreSignal(work, 'loanReported', 'not a report of a loan of this case');
    loansOf(work)[report.loan] = report;
    publish(work, {
      kind: 'loanReported',
      subject: report.loan,
      detail: { status: report.status, lines: report.lines },
    });
  });
}

const statuses = ['rejected', 'issued', 'partiallyCleared', 'cleared', 'canceled'];

function isReport(value: unknown): value is LoanReport {
  const { loan, status, lines } = (value ?? {}) as Partial<Record<keyof LoanReport, unknown>>;
  return (
    typeof loan === 'string' &&
    statuses.includes(status as string) &&
    areLines(lines, 'issued', 'outstanding')
  );
}

// a flow that lends nothing has none
const loansOf = (work: WorkFile) => (work.state.facts.loans ?? {}) as Record<string, LoanReport>;

/** Asks for the parts and waits until they are issued: true; or the loan is rejected, or called off in the engine: false. */
export async function borrow(file: AnyCase, undo: UndoList, lines: PartLine[]): Promise<boolean> {
  const { work } = file;
  const loan = `loan${nextOccurrence(work, 'startLoan')}`;
  undo.add('endLoan', { loan });
  loansOf(work)[loan] ??= { loan, status: 'requested', lines: [] };
  const status = () => loansOf(work)[loan]?.status ?? 'canceled';
  await waitingFor(work, loan, 'partsKeeper', async () => {
    // a cancel waits until the loan has started: only then can it be called off
    const start = () => startLoan(file, loan, lines);
    await recall(work, 'startLoan', () => CancellationScope.nonCancellable(start));
    await until(work, () => status() !== 'requested');
  });
  if (status() === 'rejected' || status() === 'canceled') return false;
  file.block({ kind: 'openLoan', id: loan, waivable: true });
  return true;
}

async function startLoan(file: AnyCase, loan: string, lines: PartLine[]): Promise<void> {
  const { caseNumber, plan, work } = file;
  const opened: OpenedLoan = {
    caseNumber,
    cycle: work.identity.cycle,
    loan,
    borrower: work.state.assignee,
    lines,
    ...(work.state.diverted ? { diverted: work.state.diverted } : {}),
    plan: {
      drill: plan.drill,
      territory: plan.territory,
      loan: plan.loan,
      taskDueMs: plan.taskDueMs,
      acknowledgeWithinMs: plan.acknowledgeWithinMs,
    },
  };
  await startChild<typeof partsLoan>('partsLoan', {
    workflowId: idOf(loan),
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

const idOf = (loan: string) => `${workflowInfo().workflowId}/${loan}`;

/** What is on loan and not fitted yet, over all loans of the case. */
export function onLoan({ work }: AnyCase, used: PartLine[]): LoanTally[] {
  const fitted = shareOut(used, Object.values(loansOf(work)));
  return Object.values(loansOf(work))
    .flatMap(({ loan, lines }) =>
      lines.map((line) => {
        const gone = fitted
          .find((share) => share.loan === loan)
          ?.lines.find(({ partNumber }) => partNumber === line.partNumber);
        return { ...line, outstanding: line.outstanding - (gone?.quantity ?? 0) };
      }),
    )
    .filter((line) => line.outstanding > 0);
}

/** The undo of `borrow`, and its end: a loan not issued yet is called off; an issued one goes on by itself until the parts are back. */
export async function endLoan(file: AnyCase, loan: string, used: PartLine[]): Promise<void> {
  const share = shareOut(used, Object.values(loansOf(file.work))).find((one) => one.loan === loan);
  const word = {
    actor: theFlow,
    occurredAt: isoNow(),
    actId: `${idOf(loan)}/ended`,
    answer: { used: share?.lines ?? [] },
  };
  await getExternalWorkflowHandle(idOf(loan))
    .signal(loanNoLongerNeeded, word)
    .catch(() => undefined);
}

/** Says to every loan that its parts come back now: the fitted ones as old parts with the slip, the others unused. */
export function endLoans(file: AnyCase, used: PartLine[]): Promise<void> {
  return recall(file.work, 'endLoans', async () => {
    for (const { loan, status } of openLoans(file.work))
      if (status !== 'cleared') await endLoan(file, loan, used);
  });
}

const openLoans = (work: WorkFile) =>
  Object.values(loansOf(work)).filter(
    ({ status }) => status !== 'rejected' && status !== 'canceled',
  );

/** The field office clears every loan against old part and slip, unless a supervisor waives one by name (I3). */
export function loansCleared(file: AnyCase): Promise<void> {
  return recall(file.work, 'loansCleared', async () => {
    for (const { loan } of openLoans(file.work)) {
      const isCleared = () => loansOf(file.work)[loan]?.status === 'cleared';
      await file.until(loan, 'partsKeeper', () => isCleared() || file.isWaived(loan));
      if (isCleared()) file.unblock(loan);
    }
  });
}
