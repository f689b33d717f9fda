import { expect, test } from 'vitest';
import { checkEntitlement, type WarrantyFacts } from '../../domain/warranty.ts';

const now = '2026-03-15T10:00:00.000Z';
const facts = (changes: Partial<WarrantyFacts> = {}): WarrantyFacts => ({
  purchasedOn: '2024-01-10',
  installedOn: '2024-03-15',
  manufacturedOn: '2023-11-30',
  term: { months: 24, basis: 'installed' },
  contract: null,
  ...changes,
});

test.each<[string, Partial<WarrantyFacts>, string]>([
  ['on its last day', {}, 'inWarranty'],
  ['the day after its last', { installedOn: '2024-03-14' }, 'outOfWarranty'],
  ['by purchase, since lapsed', { term: { months: 24, basis: 'purchased' } }, 'outOfWarranty'],
  ['by manufacture, still running', { term: { months: 36, basis: 'manufactured' } }, 'inWarranty'],
  ['without a term', { term: null }, 'unknown'],
  ['without the day it counts from', { installedOn: null }, 'unknown'],
  [
    'lapsed, under a contract that ends today',
    { installedOn: '2020-01-01', contract: { contractNumber: 'SC-1', validUntil: '2026-03-15' } },
    'contract',
  ],
  [
    'lapsed, the contract too',
    { installedOn: '2020-01-01', contract: { contractNumber: 'SC-1', validUntil: '2026-03-14' } },
    'outOfWarranty',
  ],
  [
    'running, with a contract beside it',
    { contract: { contractNumber: 'SC-1', validUntil: '2027-01-01' } },
    'inWarranty',
  ],
  [
    'unknown, with a contract',
    { term: null, contract: { contractNumber: 'SC-1', validUntil: '2027-01-01' } },
    'contract',
  ],
])('a machine whose warranty is %s', (_, changes, verdict) => {
  expect(checkEntitlement(facts(changes), now).verdict).toBe(verdict);
});

test('the verdict carries its evidence, and when it was found', () => {
  const contract = { contractNumber: 'SC-1', validUntil: '2027-01-01' };
  const found = checkEntitlement(facts({ contract }), now);
  expect(found).toMatchObject({ checkedAt: now, overriddenBy: null, overrideReason: null });
  expect(found.evidence).toEqual([
    'installed on 2024-03-15, warranty 24 months: until 2026-03-15',
    'maintenance contract SC-1 until 2027-01-01',
  ]);
});

test('a warranty that begins on the 31st ends on the last day of a shorter month', () => {
  const term = { months: 1, basis: 'installed' } as const;
  const on = (today: string) =>
    checkEntitlement(facts({ installedOn: '2026-01-31', term }), today).verdict;
  expect([on('2026-02-28T23:59:59.999Z'), on('2026-03-01T00:00:00.000Z')]).toEqual([
    'inWarranty',
    'outOfWarranty',
  ]);
});
