import {
  type PaidRepairFacts,
  planOutOfWarrantyRepair,
} from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { OpenRequest } from '../../domain/plan.ts';
import { type FactSources, type Gathered, gatherRepairFacts } from './facts.ts';
import { promising } from './promise.ts';

/** The facts of a repair, whether the customer owes money, and the tariff of the day. */
async function gatherPaidRepairFacts(
  sources: FactSources,
  request: OpenRequest,
  now: string,
): Promise<Gathered<PaidRepairFacts>> {
  const { directory } = sources;
  const [gathered, customer, published] = await Promise.all([
    gatherRepairFacts(sources, request, now),
    directory.customer(request.customerNumber ?? ''),
    directory.tariffOn(now.slice(0, 10)),
  ]);
  if ('errors' in gathered) return gathered;
  if (!published)
    return {
      errors: [{ pointer: '/flow', detail: 'no tariff is published: nothing can be quoted' }],
    };
  const { version, currency, visitMinor, laborMinuteMinor } = published;
  const tariff = { version, currency, visitMinor, laborMinuteMinor };
  return { facts: { ...gathered.facts, arrears: customer?.arrears ?? false, tariff } };
}

/** Promised by these facts. */
export const outOfWarrantyRepair = promising(gatherPaidRepairFacts, planOutOfWarrantyRepair);
