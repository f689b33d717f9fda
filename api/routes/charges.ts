import type { FastifyInstance } from 'fastify';
import type { AppDeps } from '../deps.ts';
import { notFound } from '../problem.ts';
import { problemsOf } from '../shapes/problem.ts';
import { chargesShape, tariffShape } from '../shapes/services.ts';
import { caseOn, caseParams, typed } from './context.ts';

/** What a paid repair costs: the published tariff, and the quotes, invoices and payments of a case (FLOW-CHARGE). */
export async function chargeRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { billing, directory } = deps.stores;
  typed(app).get(
    '/tariff',
    {
      schema: {
        operationId: 'getTariff',
        tags: ['services'],
        summary: 'The published tariff: visit, labor and parts in minor units',
        response: { 200: tariffShape, ...problemsOf(404) },
      },
    },
    async () => {
      const tariff = await directory.tariffOn(deps.now().slice(0, 10));
      if (!tariff) throw notFound('tariff');
      return tariff;
    },
  );
  typed(app).get(
    '/cases/:caseNumber/charges',
    {
      schema: {
        operationId: 'getCharges',
        tags: ['cases'],
        summary:
          'Decisions, quotes, invoices with their breakdown, payments, settlements, old parts',
        params: caseParams,
        response: { 200: chargesShape, ...problemsOf(404) },
      },
    },
    async ({ params }) => {
      const { view } = await caseOn(deps, params.caseNumber);
      return billing.questions.charges(view.caseNumber);
    },
  );
}
