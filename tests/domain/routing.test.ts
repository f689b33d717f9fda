import { expect, test } from 'vitest';
import { route } from '../../domain/flows/route.ts';
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
