/** What a parts system must do. Whatever is reserved or lent here is given back. */
import { need, needRefusal, type Requirement, type Trial } from './trial.ts';

const lineOf = ({ facts }: Trial, quantity = 1) => [{ partNumber: facts.part, quantity }];
const wanted = (trial: Trial, effectKey = trial.key()) => ({
  effectKey,
  caseNumber: trial.caseNumber,
  territory: trial.facts.territory,
  lines: lineOf(trial),
});
const release = ({ parts, key }: Trial, reservationKey: string) =>
  parts.release({ effectKey: key(), reservationKey });

async function reservedOf({ parts, facts }: Trial): Promise<number> {
  const part = await parts.getPart(facts.part);
  need(part !== null, `no part ${facts.part} on record; name one with --part`);
  return part.stock.reduce((sum, { reserved }) => sum + reserved, 0);
}

async function reserve(trial: Trial): Promise<string> {
  const request = wanted(trial);
  const result = await trial.parts.reserve(request);
  need(result.reserved, `${trial.facts.part} is not in stock; name another with --part`);
  need(result.reservationKey === request.effectKey, "reservationKey is not the request's own key");
  return request.effectKey;
}

async function lend(trial: Trial): Promise<string> {
  const reservationKey = await reserve(trial);
  const { caseNumber, facts, key, parts } = trial;
  const loanNumber = `${caseNumber}/${reservationKey.split('/').at(-1)}`;
  const issuedAt = new Date().toISOString();
  const dueAt = new Date(Date.now() + 86_400_000).toISOString();
  const loan = await parts.issueLoan({
    ...{ effectKey: key(), reservationKey, loanNumber, caseNumber, issuedAt, dueAt },
    borrower: facts.staff,
  });
  need(loan.status === 'issued', `expected status issued, got ${loan.status}`);
  return loanNumber;
}
const back = ({ key, facts }: Trial, loanNumber: string, returnedUnused: number) => ({
  ...{ effectKey: key(), loanNumber, slipNumber: null },
  lines: [{ partNumber: facts.part, usedWithCore: 0, returnedUnused, oldPartSerials: [] }],
});

export const partsRequirements: Requirement[] = [
  {
    name: 'a part is described, one that is not on record is null, and its number unknown',
    async meet(trial) {
      await reservedOf(trial);
      need((await trial.parts.getPart('NO-SUCH-PART')) === null, 'expected null');
      const unknown = await trial.parts.unknownParts(['NO-SUCH-PART', trial.facts.part]);
      need(unknown.join() === 'NO-SUCH-PART', `expected NO-SUCH-PART alone, got ${unknown}`);
    },
  },
  {
    name: 'a kit is a list, empty where none is on record',
    async meet({ parts }) {
      const kit = await parts.kitFor('NO-SUCH-MODEL', 'NO-SUCH-FAULT');
      need(kit.length === 0, 'expected an empty list');
    },
  },
  {
    name: 'a reservation holds its parts until it is released',
    async meet(trial) {
      const before = await reservedOf(trial);
      const key = await reserve(trial);
      const during = await reservedOf(trial);
      await release(trial, key);
      need(during === before + 1, `reserved ${before} before, ${during} during`);
      need((await reservedOf(trial)) === before, 'not given back by the release');
    },
  },
  {
    name: 'the same key with the same body gives the first answer, also when five come at once, and holds once',
    async meet(trial) {
      const request = wanted(trial);
      const before = await reservedOf(trial);
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => trial.parts.reserve(request)));
      answers.push(await trial.parts.reserve(request));
      const held = (await reservedOf(trial)) - before;
      await release(trial, request.effectKey);
      need(new Set(answers.map((one) => JSON.stringify(one))).size === 1, 'the answers differ');
      need(held === 1, `${held} are held`);
    },
  },
  {
    name: 'the same key with another body is refused',
    async meet(trial) {
      const effectKey = await reserve(trial);
      const other = { ...wanted(trial, effectKey), lines: lineOf(trial, 2) };
      await needRefusal(trial.parts.reserve(other), 'EffectKeyReused');
      await release(trial, effectKey);
    },
  },
  {
    name: 'a reservation that arrives after its release is refused and holds nothing',
    async meet(trial) {
      const request = wanted(trial);
      const before = await reservedOf(trial);
      await release(trial, request.effectKey);
      await needRefusal(trial.parts.reserve(request), 'ReservationGone');
      need((await reservedOf(trial)) === before, 'it holds parts all the same');
    },
  },
  {
    name: 'all lines or none: a shortage says what is missing',
    async meet(trial) {
      const lines = [...lineOf(trial), { partNumber: 'NO-SUCH-PART', quantity: 1 }];
      const result = await trial.parts.reserve({ ...wanted(trial), lines });
      need(!result.reserved, 'it was reserved');
      const short = result.shortages.map(({ partNumber }) => partNumber);
      need(short.join() === 'NO-SUCH-PART', `expected NO-SUCH-PART to be short, got ${short}`);
    },
  },
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
  {
    name: 'what is sold is said, once, and can be taken back whole',
    async meet(trial) {
      const { parts, key, caseNumber, facts } = trial;
      const reservationKey = await reserve(trial);
      const sale = { effectKey: key(), reservationKey, caseNumber, receivedBy: facts.staff };
      await parts.issueSale({ ...sale, terms: 'charged' });
      await parts.issueSale({ ...sale, terms: 'charged' });
      const sold = await parts.soldTo({ caseNumber });
      need(sold.length === 1 && sold[0]?.quantity === 1, `sold: ${JSON.stringify(sold)}`);
      await parts.takeBackSold({ effectKey: key(), caseNumber, kept: [] });
      need((await parts.soldTo({ caseNumber })).length === 0, 'still sold');
    },
  },
];
