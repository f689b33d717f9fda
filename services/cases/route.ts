import { z } from 'zod';
import { classes, route } from '../../domain/flows/route.ts';
import { severityOf } from '../../domain/plan.ts';
import type { Route } from '../../domain/routing.ts';
import { impactScope, severity } from '../../domain/values.ts';
import { checkEntitlement } from '../../domain/warranty.ts';
import type { DirectoryStore } from '../directory/index.ts';

import { warrantyFacts } from './facts.ts';

/** What a route is chosen by, of a body that no contract has checked yet: what does not fit is left out. */
const peek = z.object({
  class: z.enum(classes).catch('repair'),
  serialNumber: z.string().max(40).optional().catch(undefined),
  severity: severity.optional().catch(undefined),
  fault: z.object({ impactScope: impactScope.optional().catch(undefined) }).catch({}),
});

/** The flow of a request that names none, and why (FLOW-INTAKE); null: none is for it. The flow's contract then says what the
 *  body lacks. */
export async function chooseRoute(
  directory: Pick<DirectoryStore, 'asset' | 'customer'>,
  body: unknown,
  now: string,
): Promise<Route | null> {
  const asked = peek.safeParse(body).data ?? peek.parse({});
  const asset = asked.serialNumber ? await directory.asset(asked.serialNumber) : null;
  const customer = asset && (await directory.customer(asset.customerNumber));
  return route({
    class: asked.class,
    severity: severityOf({ severity: asked.severity, impactScope: asked.fault.impactScope }),
    productClass: asset?.productClass ?? null,
    verdict: asset && checkEntitlement(warrantyFacts(asset, now), now).verdict,
    arrears: customer?.arrears ?? false,
  });
}
