import type {
  InspectionFacts,
  RoundRequest,
} from '../../domain/flows/scheduled-inspection/plan.ts';
import { type FactSources, type Gathered, noPolicy, policyOf } from './facts.ts';

/** The form holds no more. */
const most = 200;

/** The facts of a round: the customer's own assets, those named or all, and the policy of the first one's class. */
export async function gatherInspectionFacts(
  { directory }: Pick<FactSources, 'directory'>,
  request: RoundRequest,
  now: string,
): Promise<Gathered<InspectionFacts>> {
  const { customerNumber, serialNumbers, dueBy } = request;
  if (dueBy !== undefined && Date.parse(dueBy) <= Date.parse(now))
    return { errors: [{ pointer: '/dueBy', detail: `must lie after ${now}` }] };
  const owned = await directory.assetsOf(customerNumber, serialNumbers ?? null, most + 1);
  const known = new Set(owned.map((asset) => asset.serialNumber));
  const foreign = (serialNumbers ?? []).flatMap((serial, index) =>
    known.has(serial)
      ? []
      : [{ pointer: `/serialNumbers/${index}`, detail: 'not an asset of this customer' }],
  );
  if (foreign.length > 0) return { errors: foreign };
  const [first] = owned;
  if (!first)
    return { errors: [{ pointer: '/customerNumber', detail: 'a customer with equipment' }] };
  if (owned.length > most)
    return { errors: [{ pointer: '/serialNumbers', detail: `name up to ${most} of its assets` }] };
  const policy = await policyOf(directory, first.productClass);
  if (!policy) return noPolicy('/customerNumber');
  return { facts: { customerNumber, territory: first.territory, assets: owned, policy } };
}
