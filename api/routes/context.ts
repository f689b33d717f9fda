/** What every route of `/v1` shares. */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyTypeProvider } from 'fastify';
import { z } from 'zod';
import type { CaseRow } from '../../services/cases/index.ts';
import { casePage } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { personOn } from '../plugins/auth.ts';
import { notFound } from '../problem.ts';

/** Requests are typed by their zod schemas; answers are typed by what makes them. */
interface RequestTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: unknown;
}

/** An app whose schemas are zod's. */
export const typed = (app: FastifyInstance) => app.withTypeProvider<RequestTypes>();

/** How a case number looks. */
export const caseNumberForm = /^C-\d{6,15}$/;

/** The case that the path names, or 404. */
export async function caseOn(deps: AppDeps, caseNumber: string): Promise<CaseRow> {
  const row = caseNumberForm.test(caseNumber) ? await deps.stores.cases.get(caseNumber) : null;
  if (!row) throw notFound('case');
  return row;
}

/** Answers with the case as this caller sees it now. */
export async function sendCase(
  deps: AppDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  caseNumber: string,
): Promise<FastifyReply> {
  return sendRow(deps, request, reply, await caseOn(deps, caseNumber));
}

/** As `sendCase`, of a row at hand. */
export function sendRow(
  deps: AppDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  row: CaseRow,
): FastifyReply {
  return reply.header('vary', 'authorization').send(casePage(deps, row, personOn(request)));
}

export const caseParams = z.object({ caseNumber: z.string() });
/** Whether it is required is the route's to say: a missing one is 400, not 422. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe('1 to 255 visible characters; a repetition has the same key and body'),
});
