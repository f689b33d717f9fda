import { isCleared, type PartLoan, type ReturnedLine, shareOut } from '../domain/loan.ts';
import { type LoanFile, type OpenedLoan, openLoanFile } from './kernel/loan-file.ts';
import type { Decision } from './kernel/loan-words.ts';
import { callEffect } from './kernel/partners.ts';
import { type Settled, settle, type Undos } from './kernel/settle.ts';
import type { Ending } from './kernel/state.ts';
import { type HumanTask, humanTask } from './kernel/tasks.ts';
import { isoNow, publish, recall, until } from './kernel/work-file.ts';
import * as messages from './messages.ts';
import { reserveParts } from './paragraphs/stock.ts';

/** Parts loan, FLOW-LOAN: requested, approved, reserved, issued, cleared by the field office against old part and slip.
 *  Endings: cleared | rejected | canceled. Undone on cancellation: the reservation. Once issued it outlives its case. */
export async function partsLoan(opened: OpenedLoan): Promise<Settled> {
  const file = openLoanFile(opened);
  const approval = humanTask(messages.approveLoan, file.work);
  const shortage = humanTask(messages.receiveShortage, file.work);
  const counter = humanTask(messages.issueParts, file.work);
  const office = humanTask(messages.reportReturn, file.work);
  const { territory, acknowledgeWithinMs } = opened.plan;

  return settle(
    file.work,
    {
      alerting: { territory, acknowledgeWithinMs, onRung: (level) => file.chase(level) },
      undos,
      finish: (kind, outcome) => end(file, kind, outcome),
    },
    async (undo) => {
      const { approved } = await approval.completed({ lines: opened.lines });
      if (!approved) return 'rejected';

      const { reservationKey } = await reserveParts({
        ...file,
        shortage,
        territory,
        lines: opened.lines,
        beforehand: (key) => undo.add('releaseReservation', { reservationKey: key }),
      });
      const { borrower } = await counter.completed({
        lines: opened.lines,
        borrower: opened.borrower,
      });
      const loan = await issue(file, reservationKey, borrower);

      await clear(file, office, loan);
      return 'cleared';
    },
  );
}

const undos: Undos = {
  releaseReservation: ({ reservationKey = '' }, work) =>
    callEffect(
      work,
      'parts',
      'release',
      { effectKey: `${reservationKey}/undo`, reservationKey },
      'release the reservation',
    ),
};

/** Handed over the counter: from here on the loan stands until it is cleared, whatever becomes of the case. */
async function issue(file: LoanFile, reservationKey: string, borrower: string): Promise<PartLoan> {
  const { loan, plan } = file.opened;
  file.passTheCounter(borrower);
  const issuedAt = isoNow();
  const dueAt = new Date(Date.parse(issuedAt) + plan.loan.returnWithinMs).toISOString();
  const issued = await file.call(
    'parts',
    'issueLoan',
    {
      reservationKey,
      loanNumber: file.loanNumber,
      borrower,
      issuedAt,
      dueAt,
    },
    `issue ${loan}`,
  );
  file.startReturnClock(issued.dueAt);
  file.tell('loanIssued', { loanNumber: issued.loanNumber, dueAt: issued.dueAt });
  await file.report('issued', issued.lines);
  return issued;
}

/** Takes parts back until nothing is out: used ones only with their old part and slip, the rest unused, or written off by name. */
async function clear(
  file: LoanFile,
  office: HumanTask<'reportReturn'>,
  issued: PartLoan,
): Promise<void> {
  let loan = issued;
  while (!isCleared(loan.lines)) {
    const decision = await comingBackOrDecided(file);
    if (decision) {
      loan = await carryOut(file, loan, decision);
    } else {
      const decided = () => file.decisions.length > 0;
      const back = await office.completedUnless(decided, {
        outstanding: loan.lines,
        used: file.used(),
        ...(file.opened.plan.drill ? { drill: true } : {}),
      });
      if (back) loan = await takeBack(file, back);
    }
    await file.report(isCleared(loan.lines) ? 'cleared' : 'partiallyCleared', loan.lines);
  }
}

/** The office waits for parts once the case is done with them or they are due; a decision comes first. */
function comingBackOrDecided(file: LoanFile): Promise<Decision | null> {
  return recall(file.work, 'decision', async () => {
    await until(file.work, () => file.comeBack() || file.decisions.length > 0);
    return file.decisions.shift() ?? null;
  });
}

function takeBack(
  file: LoanFile,
  { lines, slipNumber }: { lines: ReturnedLine[]; slipNumber?: string | undefined },
): Promise<PartLoan> {
  const back = { loanNumber: file.loanNumber, slipNumber: slipNumber ?? null, lines };
  return file.call('parts', 'returnLoan', back, 'take back parts and slip');
}

/** What came back or was written off since the decision is left out of it. */
async function carryOut(file: LoanFile, loan: PartLoan, decision: Decision): Promise<PartLoan> {
  const { loanNumber } = loan;
  if (decision.kind === 'writeOff') {
    const { chargeTo, reason } = decision;
    const [still] = shareOut(decision.lines, [{ loan: loanNumber, lines: loan.lines }]);
    if (!still) return loan;
    const { lines } = still;
    return file.call(
      'parts',
      'writeOffLoan',
      { loanNumber, lines, chargeTo, reason },
      `write off, charged to ${chargeTo}`,
    );
  }
  const { dueAt } = decision;
  file.startReturnClock(dueAt);
  return file.call('parts', 'extendLoan', { loanNumber, dueAt }, `extend to ${dueAt}`);
}

async function end(file: LoanFile, kind: Ending['kind'], outcome: string): Promise<void> {
  Object.assign(file.work.state, { status: kind, outcome, openTasks: [] });
  publish(file.work, { kind: 'loanEnded', subject: file.opened.loan, detail: { outcome } });
  if (outcome === 'rejected' || outcome === 'canceled') await file.report(outcome);
}
