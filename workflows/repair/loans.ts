/** The parts that a case has on loan: borrowed, used, brought back (FLOW-LOAN, FLOW-PF-IW). Each loan is a workflow of its own. */
import { areLines, type LoanTally, type PartLine, shareOut } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList } from '../case-file/settle.ts';
import type { OpenedLoan } from '../parts-loan/file.ts';
import { type LoanReport, loanNoLongerNeeded, loanReported, searchAttributes } from '../wire.ts';

type AnyCase = CaseFile<never>;

const loansOf = (file: AnyCase) => file.keep<Record<string, LoanReport>>('loans', {});

/** Called before the first `await`: from here on the case hears what its loans report. */
export function hearLoans(file: AnyCase): void {
  loansOf(file);
  file.hear(loanReported, (said) => {
    if (!isReport(said) || !Object.hasOwn(loansOf(file), said.loan))
      return 'not a report of a loan of this case';
    return noted(file, said);
  });
}

function noted(file: AnyCase, report: LoanReport) {
  const { loan, status, lines } = report;
  loansOf(file)[loan] = report;
  return { kind: 'loanReported', subject: loan, detail: { status, lines } };
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

/** Asks for the parts and waits until they are issued: true; or the loan is rejected, or called off in the engine: false. */
export async function borrow(file: AnyCase, undo: UndoList, lines: PartLine[]): Promise<boolean> {
  const loan = file.nextChild('loan');
  const loans = loansOf(file);
  undo.add('endLoan', { loan });
  loans[loan] ??= { loan, status: 'requested', lines: [] };
  await startLoan(file, loan, lines);
  const status = () => loans[loan]?.status ?? 'canceled';
  await file.until(loan, 'partsKeeper', () => status() !== 'requested');
  const isLent = () => status() !== 'rejected' && status() !== 'canceled';
  if (!(await file.remember(`${loan} lent`, isLent))) return false;
  file.block({ kind: 'openLoan', id: loan, waivable: true });
  return true;
}

function startLoan(file: AnyCase, loan: string, lines: PartLine[]): Promise<void> {
  const { caseNumber, cycle, plan } = file;
  const { drill, territory, taskDueMs, acknowledgeWithinMs } = plan;
  const input: OpenedLoan = {
    ...{ caseNumber, cycle, loan, lines, borrower: file.assignee(), diverted: file.diverted() },
    openedAt: file.openedAt,
    plan: { drill, territory, taskDueMs, acknowledgeWithinMs, loan: plan.loan },
  };
  return file.startChild('loan', {
    name: loan,
    flow: 'partsLoan',
    input,
    summary: `${loan} of ${caseNumber}: ${lines.map((line) => `${line.quantity} × ${line.partNumber}`).join(', ')}`,
    attributes: [
      { key: searchAttributes.flow, value: 'partsLoan' },
      { key: searchAttributes.customer, value: plan.customerNumber },
      { key: searchAttributes.asset, value: plan.serialNumber },
      { key: searchAttributes.territory, value: plan.territory },
    ],
    onEnd: (result) => noteEnd(file, loan, result),
  });
}

/** A loan that was ended in the engine before its parts were issued is none; issued ones stand in the ledger, and in the way. */
function noteEnd(file: AnyCase, loan: string, result: unknown): void {
  const { report } = (result ?? {}) as { report?: unknown };
  const last = loansOf(file)[loan] ?? { loan, status: 'requested', lines: [] };
  if (isReport(report)) file.report(noted(file, report));
  else if (last.status === 'requested') file.report(noted(file, { ...last, status: 'canceled' }));
}

/** What is on loan and not fitted yet, over all loans of the case. */
export function onLoan(file: AnyCase, used: PartLine[]): LoanTally[] {
  const loans = Object.values(loansOf(file));
  const fitted = shareOut(used, loans);
  return loans
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
  const share = shareOut(used, Object.values(loansOf(file))).find((one) => one.loan === loan);
  await file.signalChild(loan, loanNoLongerNeeded, { used: share?.lines ?? [] });
}

/** Says to every loan that its parts come back now: the fitted ones as old parts with the slip, the others unused. */
export async function endLoans(file: AnyCase, used: PartLine[]): Promise<void> {
  for (const { loan } of await file.remember('openLoans', () => openLoans(file)))
    await endLoan(file, loan, used);
}

const openLoans = (file: AnyCase) =>
  Object.values(loansOf(file)).filter(
    ({ status }) => status !== 'rejected' && status !== 'canceled',
  );

/** The field office clears every loan against old part and slip, unless a supervisor waives one by name (I3). */
export async function loansCleared(file: AnyCase): Promise<void> {
  for (const { loan } of await file.remember('loansToClear', () => openLoans(file))) {
    const isCleared = () => loansOf(file)[loan]?.status === 'cleared';
    await file.until(loan, 'partsKeeper', () => isCleared() || file.isWaived(loan));
    if (await file.remember(`${loan} cleared`, isCleared)) file.unblock(loan);
  }
}
