import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type FlowDefinition, flows } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/contracts.ts';
import { type Intake, openCase } from '../../services/intake/index.ts';
import { recordingRefusals } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { idempotencyKey, parse } from '../fields.ts';
import { actorIn, type Person, personOn } from '../plugins/auth.ts';
import { invalid, Problem } from '../problem.ts';
import { caseShape, problemsOf } from '../shapes.ts';
import { idempotencyHeaders, sendCase, typed } from './context.ts';

const schema = {
  tags: ['cases'],
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
  const { kind, caseNumber } = await recordingRefusals(deps, attempt, () =>
    open(deps, request, person),
  );
  reply.code(kind === 'opened' ? 201 : 200).header('location', `/v1/cases/${caseNumber}`);
  return sendCase(deps, request, reply, caseNumber);
}

/** 403 before 400 before 422: who may not open learns nothing about the body. */
async function open(deps: AppDeps, request: FastifyRequest, person: Person) {
  const actor = actorIn(person, ['hotline', 'supervisor']);
  if (!actor) throw new Problem('forbidden', { detail: 'the hotline or a supervisor opens cases' });
  const key = idempotencyKey(request.headers);
  if (key === undefined) throw new Problem('headerMissing', { detail: 'Idempotency-Key' });
  const flow = chooseFlow(request.body);
  const body = parse(flow.input, request.body) as OpenRequest;
  const supervisor = actorIn(person, ['supervisor']);
  if (body.overrideEntitlement && !supervisor)
    throw new Problem('forbidden', { detail: 'overriding the entitlement is a supervisor’s' });
  const opener = body.overrideEntitlement && supervisor ? supervisor : actor;
  return opened(
    await openCase(
      { ...deps.stores, parts: deps.parts, starter: deps.engine, now: deps.now },
      { flow: flow.name, scope: `cases/${actor.id}`, key, actor: opener, request: body },
    ),
  );
}

/** The flow named, or the first one: its plan refuses what does not fit and says which flow does. */
function chooseFlow(body: unknown): FlowDefinition {
  const named = typeof body === 'object' && body !== null && 'flow' in body ? body.flow : undefined;
  const flow = named === undefined ? flows[0] : flows.find((one) => one.name === named);
  if (!flow) throw invalid([{ pointer: '/flow', detail: 'unknown flow' }]);
  return flow;
}

function opened(intake: Intake): { kind: 'opened' | 'same'; caseNumber: string } {
  switch (intake.kind) {
    case 'opened':
    case 'same':
      return intake;
    case 'keyReused':
      throw new Problem('idempotencyKeyReused');
    case 'unknown':
      throw invalid(intake.errors);
    case 'duplicate': {
      const { caseNumber } = intake;
      const link = `/v1/cases/${caseNumber}`;
      throw new Problem('duplicateCase', {
        more: { caseNumber, link, links: { duplicateOf: link } },
      });
    }
    case 'entitlementMismatch': {
      const { evidence, fits } = intake;
      throw new Problem('entitlementMismatch', { more: { evidence, fits, errors: [] } });
    }
    default:
      return intake satisfies never;
  }
}
