import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { back, caseNumber, partsOfThisFile } from '../support/services/parts-fixtures.ts';

const own = partsOfThisFile();

test('a loan leaves the shelf and is cleared line by line, against old part and slip', async () => {
  const before = await own.stockOf('HP-SEAL-230', 'OFFICE-NORTH');
  const loanNumber = await own.lent();
  expect(await own.stockOf('HP-SEAL-230', 'OFFICE-NORTH')).toMatchObject({
    onHand: (before?.onHand ?? 0) - 2,
    onLoan: (before?.onLoan ?? 0) + 2,
  });
  expect((await own.giveBack(loanNumber, [back('HP-PUMP-230', 1, 0)])).status).toBe(
    'partiallyCleared',
  );
  const cleared = await own.giveBack(loanNumber, [back('HP-SEAL-230', 1, 1)]);
  expect(cleared.status).toBe('cleared');
  expect(cleared.lines.map(({ outstanding }) => outstanding)).toEqual([0, 0]);
  expect(await own.stockOf('HP-SEAL-230', 'OFFICE-NORTH')).toMatchObject({
    onHand: (before?.onHand ?? 0) - 1,
    onLoan: before?.onLoan,
  });
  const faulty = await own.database
    .sql`select from faulty_parts where case_number = ${caseNumber} and slip_number = 'SLIP-1'`;
  expect(faulty).toHaveLength(2);
});

test('nothing comes back that is not out: more, of another part, twice, or of no loan', async () => {
  const loanNumber = await own.lent();
  const overReturn = { type: 'OverReturn' };
  await expect(own.giveBack(loanNumber, [back('HP-SEAL-230', 1, 2)])).rejects.toMatchObject(
    overReturn,
  );
  await expect(own.giveBack(loanNumber, [back('TV-BOARD-55', 0, 1)])).rejects.toMatchObject(
    overReturn,
  );
  await expect(own.giveBack('C-000777/none', [back('TV-BOARD-55', 0, 1)])).rejects.toMatchObject({
    type: 'UnknownLoan',
  });
  const twice = await Promise.allSettled(
    [1, 2].map(() => own.giveBack(loanNumber, [back('HP-SEAL-230', 0, 2)])),
  );
  expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(
    own.parts.effects.writeOffLoan({
      effectKey: randomUUID(),
      loanNumber,
      lines: [{ partNumber: 'HP-PUMP-230', quantity: 2 }],
      chargeTo: 'company',
      reason: 'lost',
    }),
  ).rejects.toMatchObject(overReturn);
  expect(await checkers.I2(own.database.sql)).toEqual([]);
});

test('a used part without its old part, or without the slip, stays on loan', async () => {
  const loanNumber = await own.lent();
  await expect(
    own.giveBack(loanNumber, [{ ...back('HP-PUMP-230', 1, 0), oldPartSerials: [] }]),
  ).rejects.toMatchObject({ type: 'CoreMissing' });
  await expect(
    own.parts.effects.returnLoan({
      effectKey: randomUUID(),
      loanNumber,
      slipNumber: null,
      lines: [back('HP-PUMP-230', 1, 0)],
    }),
  ).rejects.toThrow();
  expect((await own.parts.questions.getLoan(loanNumber))?.status).toBe('issued');
});

test('a return, a write-off and an extension are applied once per key', async () => {
  const loanNumber = await own.lent([{ partNumber: 'HP-SEAL-230', quantity: 5 }]);
  const key = randomUUID();
  for (let n = 0; n < 3; n++) await own.giveBack(loanNumber, [back('HP-SEAL-230', 0, 2)], key);
  await expect(own.giveBack(loanNumber, [back('HP-SEAL-230', 0, 1)], key)).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
  const writeOff = {
    effectKey: randomUUID(),
    loanNumber,
    lines: [{ partNumber: 'HP-SEAL-230', quantity: 1 }],
    chargeTo: 'technician' as const,
    reason: 'lost',
  };
  await own.parts.effects.writeOffLoan(writeOff);
  const loan = await own.parts.effects.writeOffLoan(writeOff);
  expect(loan.lines).toMatchObject([
    { issued: 5, returnedUnused: 2, writtenOff: 1, outstanding: 2 },
  ]);
  const later = '2026-12-24T00:00:00.000Z';
  expect(
    (await own.parts.effects.extendLoan({ effectKey: randomUUID(), loanNumber, dueAt: later }))
      .dueAt,
  ).toBe(later);
});

test('loans are listed newest first, by status and case, from a given one on', async () => {
  const first = await own.lent();
  const second = await own.lent();
  await own.giveBack(first, [back('HP-PUMP-230', 0, 1), back('HP-SEAL-230', 0, 2)]);
  const numbers = async (filter: object) =>
    (await own.parts.questions.listLoans({ limit: 100, ...filter })).map((loan) => loan.loanNumber);
  expect((await numbers({ caseNumber })).slice(0, 2)).toEqual([second, first]);
  expect(await numbers({ status: 'cleared' })).toContain(first);
  expect(await numbers({ status: 'cleared' })).not.toContain(second);
  expect((await numbers({ caseNumber, after: second }))[0]).toBe(first);
  expect(await numbers({ caseNumber: 'C-999999' })).toEqual([]);
});
