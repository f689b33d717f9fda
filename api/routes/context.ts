/** What every route of `/v1` shares. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Role } from '../../domain/case.ts';
import type { CaseRow } from '../../services/cases/index.ts';
import { casePage } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { actorIn, personOn } from '../plugins/auth.ts';
import { notFound, Problem } from '../problem.ts';
import type { CasePage } from '../shapes/case.ts';

/** An app whose schemas are zod's: what comes in and what goes out is typed and checked by them. */
export const typed = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();

/** Where a body has a shape only once the path, the case or a signature says which, handlers parse it: here it is only described. */
export const describeBodies = (app: FastifyInstance): FastifyInstance =>
  app.setValidatorCompiler<z.ZodType>((route) =>
    route.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(route),
  );

/** 403 for everybody else, before anything of the request is looked at. */
export const only = (roles: readonly Role[], detail: string) => ({
  onRequest: async (request: FastifyRequest) => {
    if (!actorIn(personOn(request), roles)) throw new Problem('forbidden', { detail });
  },
});

/** How a case number looks. */
export const caseNumberForm = /^C-\d{6,15}$/;
/** What a path names: its form here, whether there is one is for the handler; the message says what is not found. */
export const caseParams = z.object({
  caseNumber: z
    .string()
    .regex(caseNumberForm, 'case')
    .meta({ examples: ['C-000001'] }),
});

const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Idempotency-Key: 1 to 255 visible ASCII characters')
  .describe('a repetition has the same key and body')
  .meta({ examples: ['9b1f6b3e-5b0e-4a58-8f0b-5b7c3a7a6a10'] });
/** Of calls that must not happen twice by mistake: 400 without it. */
export const keyRequired = z.object({ 'idempotency-key': key });
export const keyAllowed = z.object({ 'idempotency-key': key.optional() });

/** The case that the path names, or 404. */
export async function caseOn(deps: AppDeps, caseNumber: string): Promise<CaseRow> {
  const row = await deps.stores.cases.get(caseNumber);
  if (!row) throw notFound('case');
  return row;
}

/** The case as this caller sees it now. */
export async function caseFor(
  deps: AppDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  caseNumber: string,
): Promise<CasePage> {
  return pageFor(deps, request, reply, await caseOn(deps, caseNumber));
}

/** As `caseFor`, of a row at hand. */
export function pageFor(
  deps: AppDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  row: CaseRow,
): CasePage {
  reply.header('vary', 'authorization');
  return casePage(deps, row, personOn(request));
}

/** A body of one of these shapes, each under its name and with its examples; the page offers the first of each by name. */
export function anyOf<Name extends string>(
  shapes: Record<Name, z.ZodObject>,
  examplesOf: (name: Name) => unknown[],
) {
  const names = Object.keys(shapes) as Name[];
  const titled = names.map((name) =>
    shapes[name].meta({ title: name, examples: examplesOf(name) }),
  );
  const offered = names.map((name) => [name, { value: examplesOf(name)[0] }]);
  return z.union(titled).meta({ 'x-examples': Object.fromEntries(offered) });
}
