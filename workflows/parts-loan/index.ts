import { isCleared, type PartLoan, shareOut } from '../../domain/loan.ts';
import { settle } from '../case-file/index.ts';
import type { Settled, Undos } from '../case-file/settle.ts';
import type { Ending } from '../kernel/run.ts';
import { reserveParts } from '../repair/stock.ts';
import { goOn } from '../repair/visit.ts';
import { type LoanReport, loanReported } from '../wire.ts';
import { hearDesk } from './desk.ts';
import {
  borrowerOf,
  type Decision,
  type LoanFile,
  type OpenedLoan,
  openLoanFile,
  returnClock,
} from './file.ts';

/** How a loan ended, with its last report. */
export interface SettledLoan extends Settled {
  report: LoanReport;
}

/** Parts loan, FLOW-LOAN: requested, approved, reserved, issued, cleared by the field office against old part and slip.
 *  Endings: cleared | rejected | canceled. Undone on cancellation: the reservation. Once issued it outlives its case. */
export async function partsLoan(opened: OpenedLoan): Promise<SettledLoan> {
  const file = openLoanFile(opened);
  const { lines, loan } = opened;
  hearDesk(file);

  const settled = await settle(file, {
    undos: undosOf(file),
    finish: async (kind, outcome) => end(file, kind, outcome),
    work: async (undo) => {
      const { approved } = await file.ask('approveLoan', { lines });
      if (!approved) return 'rejected';

      const beforehand = (key: string) => undo.add('releaseReservation', { reservationKey: key });
      const reserved = await reserveParts(file, { lines, beforehand });
      if (!reserved) return 'canceled';
      const issued = await issue(file, reserved.reservationKey);
      if (!issued) return giveUp(file, reserved.reservationKey);

      await clear(file, issued);
      return 'cleared';
    },
  });
  const status = statusOf(settled.outcome);
  return { ...settled, report: { loan, status, lines: file.facts.outstanding } };
}

const statusOf = (outcome: string): LoanReport['status'] =>
  outcome === 'cleared' || outcome === 'rejected' ? outcome : 'canceled';

/** The issue was refused for good: what was set aside is free for others. */
async function giveUp(file: LoanFile, reservationKey: string): Promise<'canceled'> {
  file.facts.passedCounter = false;
  await file.call('parts', 'release', { reservationKey }, 'release the parts', goOn);
  return 'canceled';
}

const undosOf = (file: LoanFile): Undos => ({
  releaseReservation: ({ reservationKey = '' }) =>
    file.undo(
      'parts',
      'release',
      { effectKey: `${reservationKey}/undo`, reservationKey },
      'release the reservation',
    ),
});

/** Handed over the counter: from here on the loan stands until it is cleared, whatever becomes of the case. */
async function issue(file: LoanFile, reservationKey: string): Promise<PartLoan | null> {
  const { opened, loanNumber, plan, facts } = file;
  const { lines, borrower } = opened;
  const { answer, taken } = await file.askUntilTaken(
    () => file.ask('issueParts', { lines, borrower }),
    ({ borrower: signed, answeredAt: issuedAt }) => {
      Object.assign(facts, { passedCounter: true, borrower: signed });
      const dueAt = new Date(Date.parse(issuedAt) + plan.loan.returnWithinMs).toISOString();
      const issued = { reservationKey, loanNumber, borrower: signed, issuedAt, dueAt };
      const summary = `issue ${opened.loan}`;
      const terms = { correctable: true, without: { give: null } };
      return file.call('parts', 'issueLoan', issued, summary, terms);
    },
  );
  if (!taken) return null;
  facts.borrower = answer.borrower;
  file.enter('returningParts');
  file.setClock(returnClock(taken.dueAt, plan));
  file.tell('loanIssued', borrowerOf(file), { loanNumber, dueAt: taken.dueAt });
  await report(file, 'issued', taken.lines);
  return taken;
}

/** Takes parts back until nothing is out: used ones only with their old part and slip, the rest unused, or written off by name. */
async function clear(file: LoanFile, issued: PartLoan): Promise<void> {
  let loan = issued;
  while (!isCleared(loan.lines)) {
    const decision = await comingBackOrDecided(file);
    loan = decision ? await carryOut(file, loan, decision) : await takeBack(file, loan);
    if (!isCleared(loan.lines)) await report(file, 'partiallyCleared', loan.lines);
    else file.facts.outstanding = loan.lines;
  }
}

/** The office waits for parts once the case is done with them or they are due; a decision comes first. */
async function comingBackOrDecided(file: LoanFile): Promise<Decision | null> {
  const { facts } = file;
  const isDue = () =>
    (file.clocks().find(({ plan }) => plan.name === 'loanReturn')?.fired.length ?? 0) > 0;
  const comeBack = () => facts.comingBack || isDue();
  await file.until('parts back', 'engineer', () => comeBack() || facts.decisions.length > 0);
  return file.remember('decision', () => facts.decisions.shift() ?? null);
}

async function takeBack(file: LoanFile, loan: PartLoan): Promise<PartLoan> {
  const { facts, plan, loanNumber } = file;
  const { lines: outstanding } = loan;
  const context = {
    outstanding,
    used: facts.used,
    ...(plan.drill ? { drill: true as const } : {}),
  };
  const unless = () => facts.decisions.length > 0;
  const { taken } = await file.askUntilTaken(
    () => file.askUnless('reportReturn', context, { unless }),
    async (back) => {
      if (!back) return loan;
      const { lines, slipNumber = null } = back;
      return file.call(
        'parts',
        'returnLoan',
        { loanNumber, slipNumber, lines },
        'take back parts and slip',
        { correctable: true },
      );
    },
  );
  return taken;
}

/** What came back or was written off since the decision is left out of it. */
async function carryOut(file: LoanFile, loan: PartLoan, decision: Decision): Promise<PartLoan> {
  const { loanNumber } = loan;
  const without = { give: loan };
  if (decision.kind === 'writeOff') {
    const { chargeTo, reason } = decision;
    const [still] = shareOut(decision.lines, [{ loan: loanNumber, lines: loan.lines }]);
    if (!still) return loan;
    const written = { loanNumber, lines: still.lines, chargeTo, reason };
    const summary = `write off, charged to ${chargeTo}`;
    return file.call('parts', 'writeOffLoan', written, summary, { without });
  }
  const { dueAt } = decision;
  file.setClock(returnClock(dueAt, file.plan));
  return file.call('parts', 'extendLoan', { loanNumber, dueAt }, `extend to ${dueAt}`, { without });
}

/** Tells the case where the loan stands; a case that has ended no longer listens. Its end the case hears by the loan's result. */
async function report(
  file: LoanFile,
  status: LoanReport['status'],
  lines: LoanReport['lines'],
): Promise<void> {
  file.facts.outstanding = lines;
  await file.signalCase(loanReported, { loan: file.opened.loan, status, lines });
}

function end(file: LoanFile, kind: Ending['kind'], outcome: string): void {
  file.end(kind, outcome);
  file.report({ kind: 'loanEnded', subject: file.opened.loan, detail: { outcome } });
}
