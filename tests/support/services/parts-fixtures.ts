import { randomUUID } from 'node:crypto';
import type { PartLine, ReturnedLine } from '../../../domain/loan.ts';
import { databaseOfThisFile } from '../fixtures.ts';
import { twinsOn } from './twins.ts';

export const caseNumber = 'C-000777';
export const kit: PartLine[] = [
  { partNumber: 'HP-PUMP-230', quantity: 1 },
  { partNumber: 'HP-SEAL-230', quantity: 2 },
];
const loanDays = {
  issuedAt: '2026-11-22T08:00:00.000Z',
  dueAt: '2026-11-29T08:00:00.000Z',
};

/** What comes back of one part; used ones with an old part each. */
export const back = (
  partNumber: string,
  usedWithCore: number,
  returnedUnused: number,
): ReturnedLine => ({
  partNumber,
  usedWithCore,
  returnedUnused,
  oldPartSerials: Array.from({ length: usedWithCore }, (_, n) => `OLD-${n}`),
});

/** The parts service on a database of this file's own. */
export function partsOfThisFile() {
  const database = databaseOfThisFile();
  const twins = twinsOn(database);
  const reserve = (lines: PartLine[], more: { effectKey?: string; territory?: string } = {}) =>
    twins.parts.effects.reserve({
      effectKey: randomUUID(),
      caseNumber,
      territory: 'north',
      lines,
      ...more,
    });
  const issue = (reservationKey: string) =>
    twins.parts.effects.issueLoan({
      effectKey: `${reservationKey}/issue`,
      reservationKey,
      loanNumber: `${caseNumber}/${reservationKey}`,
      caseNumber,
      borrower: 'ST-02',
      ...loanDays,
    });
  return {
    database,
    reserve,
    issue,
    get parts() {
      return twins.parts;
    },
    async lent(lines = kit): Promise<string> {
      const key = randomUUID();
      await reserve(lines, { effectKey: key });
      return (await issue(key)).loanNumber;
    },
    giveBack: (loanNumber: string, lines: ReturnedLine[], effectKey: string = randomUUID()) =>
      twins.parts.effects.returnLoan({ effectKey, loanNumber, slipNumber: 'SLIP-1', lines }),
    stockOf: async (partNumber: string, location: string) =>
      (await twins.parts.questions.getPart(partNumber))?.stock.find(
        (level) => level.location === location,
      ),
  };
}
