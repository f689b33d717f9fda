import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { customerNumber, serialNumber } from '../../domain/values.ts';
import { checkEntitlement } from '../../domain/warranty.ts';
import { warrantyFacts } from '../../services/cases/index.ts';
import type { Asset } from '../../services/directory/index.ts';
import { casePage } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { personOn } from '../plugins/auth.ts';
import { notFound } from '../problem.ts';
import { problemsOf } from '../shapes/problem.ts';
import { assetShape, customerShape } from '../shapes/register.ts';
import { typed } from './context.ts';

const assetSchema = {
  operationId: 'getAsset',
  tags: ['register'],
  summary: 'An asset, its warranty verdict, its open cases',
  params: z.object({ serialNumber: z.string().meta({ examples: ['ZE230E-000117'] }) }),
  response: { 200: assetShape, ...problemsOf(404) },
};
const customerSchema = {
  operationId: 'getCustomer',
  tags: ['register'],
  summary: 'A customer and its open cases',
  params: z.object({ customerNumber: z.string().meta({ examples: ['CU-1001'] }) }),
  response: { 200: customerShape, ...problemsOf(404) },
};

/** Assets with their warranty verdict, customers with their open cases. */
export async function registerRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { cases, directory } = deps.stores;
  typed(app).get('/assets/:serialNumber', { schema: assetSchema }, async (request) => {
    const number = serialNumber.safeParse(request.params.serialNumber);
    const asset = number.success ? await directory.asset(number.data) : null;
    if (!asset) throw notFound('asset');
    const rows = await cases.openForAsset(asset.serialNumber);
    const openCases = rows.map((row) => casePage(deps, row, personOn(request)));
    return { ...asset, entitlement: entitlementOf(asset, deps.now()), openCases };
  });
  typed(app).get('/customers/:customerNumber', { schema: customerSchema }, async (request) => {
    const number = customerNumber.safeParse(request.params.customerNumber);
    const customer = number.success ? await directory.customer(number.data) : null;
    if (!customer) throw notFound('customer');
    const rows = await cases.openForCustomer(customer.customerNumber);
    return { ...customer, openCases: rows.map((row) => casePage(deps, row, personOn(request))) };
  });
}

const entitlementOf = (asset: Asset, now: string) =>
  checkEntitlement(warrantyFacts(asset, now), now);
