import {
  type OpenInWarrantyRepair,
  openExamples,
} from '../../../domain/flows/in-warranty-repair/opening.ts';
import type { Opening } from '../../../domain/plan.ts';
import type { RepairFacts } from '../../../domain/repair-plan.ts';
import { policies } from '../../../setup/demo-data/policies.ts';

export const now = '2026-03-15T10:00:00.000Z';

/** The request of the flow's first example, with changes. */
export function request(changes: Partial<OpenInWarrantyRepair> = {}): OpenInWarrantyRepair {
  const [example] = openExamples;
  if (!example) throw new Error('the flow has no example');
  return { ...example, ...changes };
}

/** That request at the door, with changes. */
export const opening = (
  changes: Partial<Opening<OpenInWarrantyRepair>> = {},
): Opening<OpenInWarrantyRepair> => ({
  request: request(),
  now,
  because: ['asked for by name'],
  override: null,
  source: null,
  ...changes,
});

/** What the door would know of a machine in warranty, with changes. */
export function facts(changes: Partial<RepairFacts> = {}): RepairFacts {
  const [policy] = policies;
  if (!policy) throw new Error('there is no policy');
  return {
    asset: {
      serialNumber: 'ZE230E-000117',
      customerNumber: 'CU-1001',
      productModel: 'ZE230E',
      productClass: 'heavyEquipment',
      territory: 'north',
      purchasedOn: null,
      installedOn: '2025-11-02',
      manufacturedOn: null,
      term: { months: 24, basis: 'installed' },
      contract: null,
    },
    fault: { code: 'HYD-PUMP-LOSS', skill: 'hydraulics' },
    policy,
    kit: [{ partNumber: 'HP-PUMP-230', quantity: 1 }],
    ...changes,
  };
}
