import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { ServiceFailure } from '../../db/failures.ts';
import type { PartsEffects } from '../../services/parts/index.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { twinsOn } from '../support/services/twins.ts';

const database = databaseOfThisFile();
const twins = twinsOn(database);
const partNumbers = ['HP-PUMP-230', 'HP-SEAL-230', 'CR-WINCH-25', 'SL-MOTOR-230'];

const kit = partNumbers.slice(0, 2).map((partNumber) => ({ partNumber, quantity: 4 }));

const line = fc.record({
  partNumber: fc.constantFrom(...partNumbers),
  quantity: fc.integer({ min: 1, max: 4 }),
});
const which = fc.nat({ max: 2 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('reserve' as const),
    which,
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    territory: fc.constantFrom('north', 'south'),
  }),
  fc.record({ do: fc.constantFrom('release' as const, 'issue' as const, 'sell' as const), which }),
  fc.record({
    do: fc.constant('takeBack' as const),
    which,
    kept: fc.array(line, { maxLength: 2 }),
  }),
  fc.record({
    do: fc.constant('return' as const),
    which,
    partNumber: fc.constantFrom(...partNumbers),
    used: fc.nat({ max: 3 }),
    unused: fc.nat({ max: 3 }),
  }),
  fc.record({ do: fc.constant('writeOff' as const), which, line }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const pump = 'HP-PUMP-230';
const onePump = { partNumber: pump, quantity: 1 };
/** Moves parts in every way there is, one after another. */
const everyWay: Step[] = [
  { do: 'reserve', which: 2, lines: [onePump], territory: 'north' },
  { do: 'release', which: 2 },
  { do: 'return', which: 0, partNumber: pump, used: 1, unused: 1 },
  { do: 'writeOff', which: 0, line: onePump },
  { do: 'takeBack', which: 1, kept: [] },
];

/** Does one step under a walk's own keys; a typed refusal is an answer, anything else a bug. */
async function take(parts: PartsEffects, walk: string, chosen: Step): Promise<void> {
  const key = `${walk}/${chosen.which}`;
  const loanNumber = `${walk}/loan${chosen.which}`;
  const effectKey = randomUUID();
  try {
    switch (chosen.do) {
      case 'reserve':
        await parts.reserve({
          effectKey: key,
          caseNumber: walk,
          territory: chosen.territory,
          lines: chosen.lines,
        });
        return;
      case 'release':
        return await parts.release({ effectKey, reservationKey: key });
      case 'issue':
        await parts.issueLoan({
          effectKey,
          reservationKey: key,
          loanNumber,
          caseNumber: walk,
          borrower: 'ST-02',
          issuedAt: '2026-11-22T00:00:00Z',
          dueAt: '2026-11-29T00:00:00Z',
        });
        return;
      case 'sell':
        await parts.issueSale({
          effectKey: `${key}/sale`,
          reservationKey: key,
          caseNumber: walk,
          terms: 'charged',
          receivedBy: 'ST-02',
        });
        return;
      case 'takeBack':
        return await parts.takeBackSold({ effectKey, caseNumber: walk, kept: chosen.kept });
      case 'return': {
        const { partNumber, used, unused } = chosen;
        const oldPartSerials = Array.from({ length: used }, (_, n) => `OLD-${n}`);
        await parts.returnLoan({
          effectKey,
          loanNumber,
          slipNumber: 'SLIP-1',
          lines: [{ partNumber, usedWithCore: used, returnedUnused: unused, oldPartSerials }],
        });
        return;
      }
      case 'writeOff':
        await parts.writeOffLoan({
          effectKey,
          loanNumber,
          lines: [chosen.line],
          chargeTo: 'company',
          reason: 'lost',
        });
        return;
      default:
        chosen satisfies never;
    }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
  }
}

test('whatever is reserved, released, lent, sold, returned and written off, in any order and at once, the ledger adds up', async () => {
  const { parts } = twins;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      async (rounds) => {
        const walk = `W-${randomUUID()}`;
        await take(parts.effects, walk, {
          do: 'reserve',
          which: 0,
          lines: kit,
          territory: 'north',
        });
        await take(parts.effects, walk, { do: 'issue', which: 0 });
        await take(parts.effects, walk, {
          do: 'reserve',
          which: 1,
          lines: kit,
          territory: 'north',
        });
        await take(parts.effects, walk, { do: 'sell', which: 1 });
        for (const atOnce of rounds)
          await Promise.all(atOnce.map((chosen) => take(parts.effects, walk, chosen)));
        expect(await checkers.I1(database.sql)).toEqual([]);
        expect(await checkers.I2(database.sql)).toEqual([]);
        expect(await checkers.I4(database.sql)).toEqual([]);
      },
    ),
    { numRuns: 40, examples: [[everyWay.map((one) => [one])]] },
  );
  const moved = await database.sql`select distinct kind from part_movements order by 1`;
  expect(moved.map(({ kind }) => kind)).toEqual([
    'issue',
    'receive',
    'release',
    'reserve',
    'returnSold',
    'returnUnused',
    'returnUsed',
    'sell',
    'writeOff',
  ]);
});
