import { expect, test } from 'vitest';
import { definitionOf } from '../../domain/catalogue.ts';
import { openExamples } from '../../domain/flows/out-of-warranty-repair/opening.ts';
import { planOutOfWarrantyRepair } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import { route } from '../../domain/flows/route.ts';
import type { Answer, TaskName } from '../../domain/flows/tasks.ts';
import { type Contexts, problems } from '../../domain/flows/tasks.ts';
import { facts, now } from '../support/domain/facts.ts';

const request = exampleRequest();
function exampleRequest() {
  const [example] = openExamples;
  if (!example) throw new Error('the flow has no example');
  return example;
}

const tariff = { version: 7, currency: 'CNY', visitMinor: 15_000, laborMinuteMinor: 200 };
const override = { by: 'ST-05', reason: 'The customer asks to pay.' };

interface Asked {
  arrears?: boolean;
  override?: typeof override;
  because?: string[];
}
function planFor(installedOn: string, changes: Asked) {
  const { asset, ...rest } = facts();
  return planOutOfWarrantyRepair(
    {
      request,
      now,
      because: changes.because ?? [],
      source: null,
      override: changes.override ?? null,
    },
    { ...rest, asset: { ...asset, installedOn }, arrears: changes.arrears ?? false, tariff },
  );
}

test('a machine in warranty is repaired in warranty, unless a supervisor overrides that with a reason', () => {
  expect(planFor('2026-01-01', {})).toMatchObject({
    refused: 'entitlementMismatch',
    fits: 'inWarrantyRepair',
  });
  expect(planFor('2026-01-01', { override })).toMatchObject({
    plan: { entitlement: { verdict: 'inWarranty', overriddenBy: 'ST-05' } },
  });
});

test('the plan says who owes money, by which tariff is charged, how long a quote holds, and why the flow', () => {
  expect(planFor('2020-01-01', { arrears: true })).toMatchObject({
    plan: {
      arrears: true,
      tariff,
      quote: { validForMs: 7 * 86_400_000, remindBeforeMs: 2 * 86_400_000 },
      specialUser: true,
      entitlement: { verdict: 'outOfWarranty', overriddenBy: null },
      routing: { because: expect.arrayContaining(['customer in arrears: a supervisor decides']) },
    },
  });
});

test('who is routed reads once that the customer is in arrears', () => {
  const facts = { class: 'repair', severity: 'medium', productClass: null, arrears: true } as const;
  const { because = [] } = route({ ...facts, verdict: 'outOfWarranty' }) ?? {};
  const planned = planFor('2020-01-01', { arrears: true, because });
  const said = 'plan' in planned ? planned.plan.routing.because : [];
  expect(said.filter((line) => line.includes('arrears'))).toHaveLength(1);
});

/** Where the first example of a task, with changes, is found wrong. */
function wrong<Name extends TaskName>(
  name: Name,
  changes: Partial<Answer<Name>>,
  context: Partial<Contexts[Name]> = {},
): string[] {
  const answer = { ...definitionOf(name).example(context), ...changes };
  return problems(name, answer, context).map((problem) => problem.pointer);
}

const presented = {
  revision: 2,
  totalMinor: 51_000,
  currency: 'CNY',
  validUntil: '2026-03-22T10:00:00.000Z',
};
test.each<[string, Partial<Answer<'recordQuoteAnswer'>>, string[]]>([
  ['of the revision presented', {}, []],
  ['of an older revision', { revision: 1 }, ['/revision']],
  ['of another total', { totalMinor: 50_000 }, ['/totalMinor']],
  ['that asks for changes without words', { decision: 'changesWanted' }, ['/words']],
  ['that names parts though it accepts', { expectedParts: [] }, ['/expectedParts']],
])('an answer to a quote %s', (_, changes, pointers) => {
  expect(wrong('recordQuoteAnswer', changes, presented)).toEqual(pointers);
});

test('only who is served against payment pays before the work', () => {
  expect(wrong('decideArrears', { decision: 'serveFully' })).toEqual(['/depositPercent']);
});

test('a customer whose contract pays is never served against payment', () => {
  const context = { customerNumber: 'CU-1004', contract: true };
  expect(wrong('decideArrears', {}, context)).toEqual([]);
  expect(wrong('decideArrears', { decision: 'againstPayment' }, context)).toEqual(['/decision']);
});

test('a receipt is booked once in a case', () => {
  const due = { dueMinor: 100, currency: 'CNY', booked: ['RC-0001', 'RC-0002'] };
  expect(wrong('recordPayment', {}, due)).toEqual([]);
  expect(wrong('recordDeposit', { receiptNumber: 'RC-0002' }, due)).toEqual(['/receiptNumber']);
});

test('no more is paid than is due', () => {
  const due = { dueMinor: 100, currency: 'CNY', booked: [] };
  for (const name of ['recordDeposit', 'recordPayment'] as const) {
    expect(wrong(name, { amountMinor: 101 }, due)).toEqual(['/amountMinor']);
    expect(wrong(name, { amountMinor: 99 }, due)).toEqual([]);
  }
});

const old = (...serials: string[]) => [
  { partNumber: 'TD-SEAL-60', quantity: serials.length, oldPartSerials: serials },
];
test('each old part is kept or handed over, once', () => {
  const context = { oldParts: old('A', 'B') };
  expect(wrong('recordOldPartChoice', { keep: old('A'), handOver: old('B') }, context)).toEqual([]);
  for (const [keep, handOver] of [
    [old('A'), []],
    [old('A', 'B'), old('B')],
    [old('A'), old('C')],
  ] as const)
    expect(
      wrong('recordOldPartChoice', { keep: [...keep], handOver: [...handOver] }, context),
    ).toEqual(['/keep']);
});

test('what comes in is what was not used and what was handed over', () => {
  const unused = [{ partNumber: 'TD-MOTOR-60', quantity: 1 }];
  const context = { unused, oldParts: old('A') };
  expect(wrong('takeInParts', {}, context)).toEqual([]);
  expect(wrong('takeInParts', { unused: [] }, context)).toEqual(['/unused']);
  expect(wrong('takeInParts', { handedOver: [] }, context)).toEqual(['/handedOver']);
});

test('no more is fitted from the parts at hand for sale than there are', () => {
  const line = { partNumber: 'TD-SEAL-60', source: 'sale' as const };
  const context = { onLoan: [], customerParts: [], sold: [{ ...line, quantity: 1 }] };
  expect(wrong('reportRepair', {}, context)).toEqual([]);
  const usedParts = [{ ...line, quantity: 2, oldPartSerials: ['A', 'B'] }];
  expect(wrong('reportRepair', { usedParts }, context)).toEqual(['/usedParts/0/quantity']);
});
