import type { OpenScheduledInspection } from '../../domain/flows/scheduled-inspection/opening.ts';
import {
  type InspectionFacts,
  planScheduledInspection,
} from '../../domain/flows/scheduled-inspection/plan.ts';
import type { FieldError } from '../../domain/problems.ts';
import type { Asset, DirectoryStore } from '../directory/index.ts';

import { type FactSources, type Gathered, noPolicy, policyOf } from './facts.ts';
import { promising } from './promise.ts';

/** The facts of a round: the customer's own assets, those named or all, and the policy of the first one's class. */
async function gatherInspectionFacts(
  { directory }: Pick<FactSources, 'directory'>,
  request: OpenScheduledInspection,
  now: string,
): Promise<Gathered<InspectionFacts>> {
  const { customerNumber, serialNumbers = null, dueBy, dueWithin } = request;
  if (dueBy !== undefined && Date.parse(dueBy) <= Date.parse(now))
    return { errors: [{ pointer: '/dueBy', detail: `must lie after ${now}` }] };
  if (dueBy !== undefined && dueWithin !== undefined)
    return { errors: [{ pointer: '/dueWithin', detail: 'either dueBy or dueWithin' }] };
  const round = await assetsOfRound(directory, { customerNumber, serialNumbers });
  if ('errors' in round) return round;
  const { first, assets } = round;
  const policy = await policyOf(directory, first.productClass);
  if (!policy) return noPolicy('/customerNumber');
  return { facts: { customerNumber, territory: first.territory, assets, policy } };
}

/** Promised by these facts. */
export const scheduledInspection = promising(gatherInspectionFacts, planScheduledInspection);

/** The form holds no more. */
const most = 200;

/** The assets that a round is about: those named, or all of the customer's when null. What is not the customer's own is said by field. */
async function assetsOfRound(
  directory: Pick<DirectoryStore, 'assetsOf'>,
  { customerNumber, serialNumbers }: { customerNumber: string; serialNumbers: string[] | null },
): Promise<{ first: Asset; assets: Asset[] } | { errors: FieldError[] }> {
  const assets = await directory.assetsOf(customerNumber, serialNumbers, most + 1);
  const known = new Set(assets.map((asset) => asset.serialNumber));
  const errors = (serialNumbers ?? []).flatMap((serial, index) =>
    known.has(serial)
      ? []
      : [{ pointer: `/serialNumbers/${index}`, detail: 'not an asset of this customer' }],
  );
  if (errors.length > 0) return { errors };
  if (assets.length > most)
    return { errors: [{ pointer: '/serialNumbers', detail: `name up to ${most} of its assets` }] };
  const [first] = assets;
  if (first) return { first, assets };
  return { errors: [{ pointer: '/customerNumber', detail: 'a customer with equipment' }] };
}
