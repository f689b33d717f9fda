import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type FlowDefinition, flowDefinition, flows } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/plan.ts';
import { chooseRoute, type Intake, openCase } from '../../services/cases/index.ts';
import { recordingRefusals, standing } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { idempotencyKey, parse } from '../fields.ts';
import { actorIn, type Person, personOn } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { caseShape, problemsOf } from '../shapes.ts';
import { caseOn, idempotencyHeaders, sendRow, typed } from './context.ts';

const schema = {
  tags: ['cases'],
  summary: 'Open a case',
  description:
    'Opens a case; `Idempotency-Key` is required. The body is the `inputSchema` of a flow.',
  headers: idempotencyHeaders,
  body: z.union(flows.map(({ name, input, examples }) => input.meta({ title: name, examples }))),
  response: {
    200: caseShape,
    201: caseShape,
    ...problemsOf(400, 401, 403, 409, 413, 415, 422, 429, 503),
  },
};

/** The door itself: a 2xx means that the workflow exists and is durable (I9). */
export async function openingRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).post('/cases', { schema }, (request, reply) => postCase(deps, request, reply));
}

async function postCase(deps: AppDeps, request: FastifyRequest, reply: FastifyReply) {
  const person = personOn(request);
  const attempt = { person, caseNumber: null, subject: 'openCase' };
  const taken = await recordingRefusals(deps, attempt, () => open(deps, request, person));
  const { kind, caseNumber } = taken;
  reply.code(kind === 'opened' ? 201 : 200).header('location', `/v1/cases/${caseNumber}`);
  const row = kind === 'opened' ? taken.row : await caseOn(deps, caseNumber);
  return sendRow(deps, request, reply, row);
}

/** 403 before 400 before 422: who may not open learns nothing about the body. */
async function open(deps: AppDeps, request: FastifyRequest, person: Person) {
  const actor = actorIn(person, ['hotline', 'supervisor']);
  if (!actor) throw new Problem('forbidden', { detail: 'the hotline or a supervisor opens cases' });
  const key = idempotencyKey(request.headers);
  if (key === undefined) throw new Problem('headerMissing', { detail: 'Idempotency-Key' });
  const { flow, because } = await chooseFlow(deps, request.body);
  const body = parse(flow.input, request.body) as OpenRequest;
  const supervisor = actorIn(person, ['supervisor']);
  if (body.overrideEntitlement && !supervisor)
    throw new Problem('forbidden', { detail: 'overriding the entitlement is a supervisor’s' });
  const opener = body.overrideEntitlement && supervisor ? supervisor : actor;
  const intake = await openCase(
    { ...deps.stores, parts: deps.parts, starter: deps.engine, now: deps.now },
    {
      flow: flow.name,
      because,
      scope: `cases/${actor.id}`,
      key,
      actor: opener,
      request: body,
      source: null,
    },
  );
  if (intake.kind === 'duplicate') throw await duplicateOf(deps, intake.caseNumber, person);
  return opened(intake);
}

/** 409 with a link to the case that is open already, and where it stands. */
async function duplicateOf(deps: AppDeps, caseNumber: string, person: Person): Promise<Problem> {
  const link = `/v1/cases/${caseNumber}`;
  const row = await deps.stores.cases.get(caseNumber);
  return new Problem('duplicateCase', {
    more: {
      caseNumber,
      link,
      links: { duplicateOf: link },
      ...(row ? standing(row, person) : {}),
    },
  });
}

/** The flow named, or the one that class, warranty, contract, severity and arrears lead to, and why. */
async function chooseFlow(
  { stores, now }: AppDeps,
  body: unknown,
): Promise<{ flow: FlowDefinition; because: string[] }> {
  const named = typeof body === 'object' && body !== null && 'flow' in body ? body.flow : undefined;
  if (named !== undefined && typeof named !== 'string')
    throw invalid([{ pointer: '/flow', detail: 'the name of a flow' }]);
  const chosen =
    named === undefined
      ? await chooseRoute(stores.directory, body, now())
      : { flow: named, because: ['asked for by name'] };
  const flow = chosen && flowDefinition(chosen.flow);
  if (!flow) throw notFound('flow');
  return { flow, because: chosen.because };
}

function opened(
  intake: Exclude<Intake, { kind: 'duplicate' }>,
): Extract<Intake, { kind: 'opened' | 'same' }> {
  switch (intake.kind) {
    case 'opened':
    case 'same':
      return intake;
    case 'keyReused':
      throw new Problem('idempotencyKeyReused');
    case 'unknown':
      throw invalid(intake.errors);
    case 'entitlementMismatch': {
      const { evidence, fits } = intake;
      const errors = [{ pointer: '/serialNumber', detail: `fits ${fits}` }];
      throw new Problem('entitlementMismatch', { errors, more: { evidence, fits } });
    }
    default:
      return intake satisfies never;
  }
}
