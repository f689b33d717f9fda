import { expect, test } from 'vitest';
import { planInWarrantyRepair } from '../../domain/flows/in-warranty-repair/plan.ts';
import type { RepairPlan } from '../../domain/plan.ts';
import { policyBody } from '../../domain/policy.ts';
import type { RepairFacts } from '../../domain/repair-plan.ts';
import { facts, opening, request } from '../support/domain/facts.ts';

function planOf(changes: Partial<RepairFacts> = {}, asked = opening()): RepairPlan {
  const planned = planInWarrantyRepair(asked, facts(changes));
  if (!('plan' in planned)) throw new Error(`refused: ${planned.refused}`);
  return planned.plan;
}
const hour = 3_600_000;
const lapsed = { ...facts().asset, installedOn: '2020-01-01' };

test('a plan holds every promise in milliseconds, by the severity', () => {
  const plan = planOf({}, opening({ request: request({ severity: 'high' }) }));
  expect(Object.fromEntries(plan.clocks.map((clock) => [clock.name, clock.targetMs]))).toEqual({
    response: 4 * hour,
    restore: 48 * hour,
    resolution: 96 * hour,
    callback: 72 * hour,
  });
  expect(plan.taskDueMs).toMatchObject({ default: 24 * hour, confirmVisit: hour / 3 });
  expect(plan.loan).toEqual({
    returnWithinMs: 7 * 24 * hour,
    overdueLevelsMs: [3 * 24 * hour, 7 * 24 * hour, 15 * 24 * hour],
  });
});

test('a plan names the version of the policy that it was made by', () => {
  expect(planOf().policy).toEqual({ name: 'heavyEquipment', version: 2 });
});

test("only the customer's waiting stops the clocks, and only restore and resolution", () => {
  const pausedBy = Object.fromEntries(planOf().clocks.map((clock) => [clock.name, clock.pausedBy]));
  const customerWaits = ['awaitingCustomer', 'awaitingQuote', 'customerRequestedDate'];
  expect(pausedBy).toEqual({
    response: [],
    restore: customerWaits,
    resolution: customerWaits,
    callback: [],
  });
});

test.each([
  ['siteDown', 'critical'],
  ['machineDown', 'high'],
  ['singleFunction', 'medium'],
  [undefined, 'medium'],
] as const)(
  'an impact of %s makes a severity of %s unless one is named',
  (impactScope, severity) => {
    const { severity: _, ...asked } = request();
    const { impactScope: __, ...fault } = asked.fault;
    const told = { ...asked, fault: { ...fault, ...(impactScope ? { impactScope } : {}) } };
    const severityOf = (asked: typeof told) => planOf({}, opening({ request: asked })).severity;
    expect(severityOf(told)).toBe(severity);
    expect(severityOf({ ...told, severity: 'low' } as typeof told)).toBe('low');
  },
);

test('a machine out of warranty is refused with the evidence and the flow that fits', () => {
  expect(planInWarrantyRepair(opening(), facts({ asset: lapsed }))).toEqual({
    refused: 'entitlementMismatch',
    evidence: ['installed on 2020-01-01, warranty 24 months: until 2022-01-01'],
    fits: 'outOfWarrantyRepair',
  });
});

test('a supervisor may override it: the verdict stays, who and why stand beside it', () => {
  const override = { by: 'ST-05', reason: 'Promised at the fair.' };
  const { entitlement, routing } = planOf({ asset: lapsed }, opening({ override }));
  expect(entitlement).toMatchObject({
    verdict: 'outOfWarranty',
    overriddenBy: 'ST-05',
    overrideReason: 'Promised at the fair.',
  });
  expect(routing.because).toContain('entitlement overridden: Promised at the fair.');
});

test('an override that is not needed leaves no trace', () => {
  const override = { by: 'ST-05', reason: 'To be safe.' };
  expect(planOf({}, opening({ override }))).toEqual(planOf());
});

test('a plan says why its flow was chosen, and what is owed', () => {
  expect(planOf({}, opening({ because: ['class repair'] })).routing).toEqual({
    flow: 'inWarrantyRepair',
    because: [
      'class repair',
      'entitlement inWarranty',
      'installed on 2025-11-02, warranty 24 months: until 2027-11-02',
    ],
  });
});

test('a plan holds nothing personal', () => {
  const text = JSON.stringify(planOf());
  for (const word of ['Li Wei', '139 0000', 'loses hydraulic pressure'])
    expect(text).not.toContain(word);
});

test.each([
  ['a year, whose length is not fixed', { acknowledgeWithin: 'P1Y' }],
  ['an empty duration', { acknowledgeWithin: 'P' }],
  ['no due time for the rest of the tasks', { taskDue: { confirmVisit: 'PT20M' } }],
  ['a key that it does not have', { colour: 'red' }],
])('a policy with %s is refused', (_, changes) => {
  const { body } = facts().policy;
  expect(policyBody.safeParse(body).success).toBe(true);
  expect(policyBody.safeParse({ ...body, ...changes }).success).toBe(false);
});
