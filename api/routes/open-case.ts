import { randomInt } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type FlowDefinition, flowDefinition, flows } from '../../domain/catalogue.ts';
import type { OpenRequest } from '../../domain/plan.ts';
import { chooseRoute, type Intake, openCase } from '../../services/cases/index.ts';
import { standing } from '../acts/refusal.ts';
import type { AppDeps } from '../deps.ts';
import { parse } from '../fields.ts';
import { actorIn, actorOf, type Person, personOn } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { caseShape } from '../shapes/case.ts';
import { ofBodies, problemsOf } from '../shapes/problem.ts';
import { anyOf, caseFor, keyRequired, only, typed } from './context.ts';

const openers = ['hotline', 'supervisor'] as const;
const schema = {
  operationId: 'openCase',
  tags: ['cases'],
  summary: 'Open a case',
  description:
    'Opens a case; `Idempotency-Key` is required. The body is the `inputSchema` of a flow. The answer holds the first open tasks, or none when no worker has taken the case up after 2 s. 503 `busy`: more is being opened than is worked off; this case surely was not.',
  headers: keyRequired,
  body: anyOf(
    Object.fromEntries(flows.map(({ name, input }) => [name, input])),
    (name) => flowDefinition(name)?.examples ?? [],
  ),
  response: {
    200: caseShape,
    201: caseShape,
    ...problemsOf(403, 404, 409, ...ofBodies),
  },
};

const opening = {
  ...only(openers, 'the hotline or a supervisor opens cases'),
  config: { attempt: () => 'openCase' },
};

/** The door itself: a 2xx means that the workflow exists and is durable (I9), and that its first tasks can be read unless nobody is
 *  at work. */
export async function openingRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).post('/cases', { schema, ...opening }, async (request, reply) => {
    const { body, headers } = request;
    const taken = await open(deps, personOn(request), headers['idempotency-key'], body);
    const { kind, caseNumber } = taken;
    reply.code(kind === 'opened' ? 201 : 200).header('location', `/v1/cases/${caseNumber}`);
    return caseFor(deps, request, reply, caseNumber);
  });
}

/** 403 before 400 before 422: who may not open learns nothing about the body. */
async function open(deps: AppDeps, person: Person, key: string, asked: unknown) {
  const actor = actorIn(person, openers) ?? actorOf(person);
  const { flow, because } = await chooseFlow(deps, asked);
  const body = parse(flow.input, asked) as OpenRequest;
  const supervisor = actorIn(person, ['supervisor']);
  if (body.overrideEntitlement && !supervisor)
    throw new Problem('forbidden', { detail: 'overriding the entitlement is a supervisor’s' });
  const opener = body.overrideEntitlement && supervisor ? supervisor : actor;
  const intake = await openCase(
    {
      ...deps.stores,
      parts: deps.parts,
      starter: { start: deps.engine.open },
      ...deps.opening,
      now: deps.now,
    },
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
    case 'busy':
      throw new Problem('busy', { retryAfter: randomInt(2, 10) }); // so that they don't all come back at once
    default:
      return intake satisfies never;
  }
}
