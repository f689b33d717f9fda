import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AppDeps } from '../deps.ts';
import { page, pageSize } from '../fields.ts';
import { personOn } from '../plugins/auth.ts';
import { eventShape } from '../shapes/case.ts';
import { listOf } from '../shapes/common.ts';
import { problemsOf } from '../shapes/problem.ts';
import { recordShape } from '../shapes/services.ts';
import { caseNumberForm, caseOn, caseParams, typed } from './context.ts';

/** The audit timeline and the signed service records of a case. */
export async function timelineRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { timeline, records } = deps.stores;
  typed(app).get(
    '/cases/:caseNumber/timeline',
    {
      schema: {
        operationId: 'getTimeline',
        tags: ['cases'],
        summary: 'Who did what, when and why',
        params: caseParams,
        querystring: z.strictObject(page),
        response: { 200: listOf(eventShape), ...problemsOf(404, 422) },
      },
    },
    async ({ params, query }) => {
      const { view } = await caseOn(deps, params.caseNumber);
      const found = await timeline.list(view.caseNumber, query.cursor, query.limit ?? pageSize * 4);
      return { ...found, items: found.items.map((event) => ({ ...event, eventId: null })) };
    },
  );
  typed(app).get(
    '/cases/:caseNumber/service-records',
    {
      schema: {
        operationId: 'listServiceRecords',
        tags: ['cases'],
        summary: 'Versions of the service record and who signed which',
        params: caseParams,
        response: { 200: listOf(recordShape), ...problemsOf(404) },
      },
    },
    async ({ params }) => {
      const { view } = await caseOn(deps, params.caseNumber);
      return { items: await records.questions.serviceRecords(view.caseNumber), nextCursor: null };
    },
  );
}

/** An auditor reads all, and each reading is written down before the answer goes out. */
export function logAuditorReadings(app: FastifyInstance, { stores, now }: AppDeps): void {
  app.addHook('preHandler', async (request: FastifyRequest) => {
    const person = personOn(request);
    if (request.method !== 'GET' || !person.roles.includes('auditor')) return;
    const { caseNumber } = request.params as { caseNumber?: string };
    await stores.timeline.append({
      eventKey: `read/${randomUUID()}`,
      caseNumber: caseNumber && caseNumberForm.test(caseNumber) ? caseNumber : null,
      event: {
        kind: 'read',
        at: now(),
        actor: { id: person.id, role: 'auditor' },
        reason: null,
        subject: request.routeOptions.url ?? null,
        updateId: null,
        detail: {},
      },
    });
  });
}
