/** What a parts system must do about loans. Whatever is lent here comes back; what is written off is received anew. */
import { need, needOnce, needRefusal, type Requirement, type Trial } from './trial.ts';
import { lineOf, release, reserve, sumOf } from './trial-parts.ts';

const dayMs = 86_400_000;
const instant = (ms: number): string => new Date(ms).toISOString();

/** A loan of one part. `issuedAt` is in milliseconds since 1970. */
async function lend(trial: Trial, issuedAtMs = Date.now()): Promise<string> {
  const reservationKey = await reserve(trial);
  const { caseNumber, facts, key, parts } = trial;
  const loanNumber = `${caseNumber}/${reservationKey.split('/').at(-1)}`;
  const [issuedAt, dueAt] = [instant(issuedAtMs), instant(issuedAtMs + dayMs)];
  const loan = await parts.issueLoan({
    effectKey: key(),
    reservationKey,
    loanNumber,
    caseNumber,
    issuedAt,
    dueAt,
    borrower: facts.staff,
  });
  need(loan.status === 'issued', `expected status issued, got ${loan.status}`);
  return loanNumber;
}
const back = ({ key, facts }: Trial, loanNumber: string, returnedUnused: number) => ({
  effectKey: key(),
  loanNumber,
  slipNumber: null,
  lines: [{ partNumber: facts.part, usedWithCore: 0, returnedUnused, oldPartSerials: [] }],
});

export const loanRequirements: Requirement[] = [
  {
    name: 'what is lent is listed, comes back, and no more than was lent',
    async meet(trial) {
      const { parts, caseNumber } = trial;
      const loanNumber = await lend(trial);
      const listed = await parts.listLoans({ caseNumber, limit: 10 });
      need(
        listed.some((loan) => loan.loanNumber === loanNumber),
        'the loan is not listed',
      );
      await needRefusal(parts.returnLoan(back(trial, loanNumber, 2)), 'OverReturn');
      const request = back(trial, loanNumber, 1);
      const loan = await parts.returnLoan(request);
      need(loan.status === 'cleared', `expected status cleared, got ${loan.status}`);
      const again = await parts.returnLoan(request);
      need(again.status === 'cleared', 'a repetition of the return did not answer as the first');
    },
  },
  {
    name: 'loans are listed newest first by their issue, and from a given one on',
    async meet(trial) {
      const { parts } = trial;
      const caseNumber = `${trial.caseNumber}2`;
      const newer = await lend({ ...trial, caseNumber });
      const older = await lend({ ...trial, caseNumber }, Date.now() - dayMs);
      const list = async (more: { after?: string; limit: number }) =>
        (await parts.listLoans({ caseNumber, ...more })).map(({ loanNumber }) => loanNumber).join();
      const said = [await list({ limit: 10 }), await list({ limit: 1 })];
      said.push(await list({ after: newer, limit: 1 }), await list({ after: older, limit: 1 }));
      for (const loanNumber of [newer, older]) await parts.returnLoan(back(trial, loanNumber, 1));
      const expected = [`${newer},${older}`, newer, older, ''];
      need(said.join(' | ') === expected.join(' | '), `expected ${expected}, got ${said}`);
    },
  },
  {
    name: 'the day on which a loan is due is moved, once',
    async meet(trial) {
      const { parts, key } = trial;
      const loanNumber = await lend(trial);
      const request = { effectKey: key(), loanNumber, dueAt: instant(Date.now() + 9 * dayMs) };
      await needOnce(parts.extendLoan, request, { dueAt: instant(Date.now()) });
      const due = (await parts.getLoan(loanNumber))?.dueAt ?? '';
      await parts.returnLoan(back(trial, loanNumber, 1));
      need(Date.parse(due) === Date.parse(request.dueAt), `asked ${request.dueAt}, got ${due}`);
      const none = { ...request, effectKey: key(), loanNumber: `${loanNumber}none` };
      await needRefusal(parts.extendLoan(none), 'UnknownLoan');
    },
  },
  {
    name: 'what will not come back is written off, no more than was lent; what arrives is in stock; each once',
    async meet(trial) {
      const { parts, key } = trial;
      const before = await sumOf(trial, 'onHand');
      const loanNumber = await lend(trial);
      const location = (await parts.getLoan(loanNumber))?.lines[0]?.location ?? '';
      const reason = 'npm run partner:check';
      const lost = { loanNumber, lines: lineOf(trial), chargeTo: 'company', reason } as const;
      const more = { ...lost, effectKey: key(), lines: lineOf(trial, 2) };
      await needRefusal(parts.writeOffLoan(more), 'OverReturn');
      await needOnce(parts.writeOffLoan, { ...lost, effectKey: key() }, { reason: 'Another.' });
      const status = (await parts.getLoan(loanNumber))?.status;
      need(status === 'cleared', `expected the loan to be cleared, got ${status}`);
      const arrived = { effectKey: key(), location, lines: lineOf(trial) };
      await needOnce(parts.receive, arrived, { lines: lineOf(trial, 2) });
      const after = await sumOf(trial, 'onHand');
      need(after === before, `one written off, one received: ${before} on hand, then ${after}`);
    },
  },
  {
    name: 'what was released is not lent, and a loan that is not on record is null',
    async meet(trial) {
      const { parts, key, caseNumber, facts } = trial;
      const reservationKey = await reserve(trial);
      await release(trial, reservationKey);
      const at = new Date().toISOString();
      const loan = { loanNumber: `${caseNumber}/none`, caseNumber, borrower: facts.staff };
      const request = { ...loan, effectKey: key(), reservationKey, issuedAt: at, dueAt: at };
      await needRefusal(parts.issueLoan(request), 'ReservationGone');
      need((await parts.getLoan(loan.loanNumber)) === null, 'expected null');
    },
  },
];
