import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities } from '../../domain/case.ts';
import { flows } from '../../domain/catalogue.ts';
import { classes, route } from '../../domain/flows/route.ts';
import type { RoutingFacts } from '../../domain/routing.ts';

const asked = (changes: Partial<RoutingFacts>): RoutingFacts => ({
  class: 'repair',
  severity: 'medium',
  productClass: 'heavyEquipment',
  verdict: 'inWarranty',
  arrears: false,
  ...changes,
});

test.each<[string, Partial<RoutingFacts>, string, string[]]>([
  ['in warranty', {}, 'inWarrantyRepair', ['class repair']],
  [
    'in warranty of a customer in arrears',
    { arrears: true },
    'inWarrantyRepair',
    ['class repair', 'customer in arrears: the warranty is owed all the same'],
  ],
  ['whose asset nobody knows', { verdict: null }, 'inWarrantyRepair', ['class repair']],
  [
    'out of warranty',
    { verdict: 'outOfWarranty' },
    'outOfWarrantyRepair',
    ['class repair', 'not in warranty: quoted'],
  ],
  [
    'under a maintenance contract',
    { verdict: 'contract' },
    'outOfWarrantyRepair',
    ['class repair', 'a maintenance contract runs'],
  ],
  [
    'of a customer in arrears',
    { verdict: 'outOfWarranty', arrears: true },
    'outOfWarrantyRepair',
    ['class repair', 'not in warranty: quoted'],
  ],
  [
    'of an IT product that stops the business',
    { severity: 'critical', productClass: 'itProduct' },
    'emergencyResponse',
    ['class repair', 'severity critical: the customer’s business stands still'],
  ],
  [
    'of a machine that stands still',
    { severity: 'critical' },
    'inWarrantyRepair',
    ['class repair'],
  ],
  ['of an emergency', { class: 'emergency' }, 'emergencyResponse', ['class emergency']],
  ['of a defect', { class: 'defect' }, 'defectReport', ['class defect']],
  ['of a round', { class: 'inspection' }, 'scheduledInspection', ['class inspection']],
])('a request %s is routed, and says why', (_, changes, flow, because) => {
  expect(route(asked(changes))).toEqual({ flow, because });
});

test('every request of a class that we know is for one flow, and for one only', () => {
  const anything = fc.record<RoutingFacts>({
    class: fc.constantFrom(...classes),
    severity: fc.constantFrom(...severities),
    productClass: fc.constantFrom('heavyEquipment', 'itProduct', null),
    verdict: fc.constantFrom(
      ...(['inWarranty', 'outOfWarranty', 'contract', 'goodwill', 'unknown', null] as const),
    ),
    arrears: fc.boolean(),
  });
  fc.assert(
    fc.property(anything, (facts) => {
      expect(flows.filter((flow) => flow.accepts(facts) !== null)).toHaveLength(1);
    }),
  );
});

test('a class that nobody serves is for no flow', () => {
  expect(route(asked({ class: 'tea' }))).toBeNull();
});
