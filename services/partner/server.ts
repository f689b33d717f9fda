/** A reference partner: the contract's operations over any implementation of the services. Builds, never listens. */
import { timingSafeEqual } from 'node:crypto';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type FailureType, ServiceFailure, toServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import type { DispatchService } from '../dispatch/index.ts';
import type { PartsService } from '../parts/index.ts';
import { contracts, serviceNames } from './contract.ts';
import type { MessageGateway } from './notification-contract.ts';
import { openApi } from './openapi.ts';
import { type Operation, operationsOf } from './operations.ts';

/** What stands behind a partner's door. */
export interface PartnerServices {
  parts: PartsService;
  dispatch: DispatchService;
  notification: MessageGateway;
}

/** The partner's HTTP service; with a token, every call must carry it. */
export function buildPartner(
  services: PartnerServices,
  { token = null }: { token?: string | null } = {},
): FastifyInstance {
  const app = Fastify({ bodyLimit: 262_144 });
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((_, reply) => send(reply, 404, 'notFound'));
  app.get('/openapi.json', () => openApi());
  app.addHook('onRequest', async (request, reply) => {
    if (request.url !== '/openapi.json' && !isKnown(request, token))
      return send(reply, 401, 'unauthorized');
  });
  for (const service of serviceNames) {
    const methods = operationsOf(services[service]);
    for (const [name, operation] of Object.entries(contracts[service]))
      app.post(`/${service}/${name}`, (request, reply) =>
        answer(request, reply, operation, bind(methods, name)),
      );
  }
  return app;
}

type Method = (...args: unknown[]) => Promise<unknown>;
const bind = (service: object, name: string): Method =>
  (Reflect.get(service, name) as Method).bind(service);

function isKnown({ headers }: FastifyRequest, token: string | null): boolean {
  if (token === null) return true;
  const [given, wanted] = [headers.authorization ?? '', `Bearer ${token}`].map(hashOf);
  return timingSafeEqual(Buffer.from(given ?? ''), Buffer.from(wanted ?? ''));
}

const visible = /^[\x21-\x7e]{1,255}$/;

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
  method: Method,
): Promise<unknown> {
  const key = request.headers['idempotency-key'];
  const isEffect = operation.kind === 'effect';
  if (isEffect && !(typeof key === 'string' && visible.test(key)))
    return send(reply, 400, 'headerMissing', 'Idempotency-Key: 1 to 255 visible characters');
  const { data, error } = operation.request.safeParse(request.body);
  if (error) return send(reply, 422, 'RequestRefused', `/${error.issues[0]?.path.join('/') ?? ''}`);
  const args = operation.positional
    ? Object.keys(operation.request.shape).map((name) => data[name])
    : [isEffect ? { effectKey: key, ...data } : data];
  return { result: (await method(...args)) ?? null };
}

const notFound: FailureType[] = [
  'UnknownEngineer',
  'UnknownLoan',
  'UnknownLocation',
  'UnknownPart',
  'UnknownRecipient',
];
const conflicts: FailureType[] = [
  'BookingCanceled',
  'CoreMissing',
  'OverReturn',
  'ReservationGone',
];

/** A refusal by name; what may go better the next time is 503. */
function handleError(error: FastifyError, _: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500 } = error;
  if (statusCode < 500 && !(error instanceof ServiceFailure))
    return send(reply, statusCode, 'malformedRequest');
  const failure = toServiceFailure(error);
  if (failure.retryable) return send(reply.header('retry-after', '1'), 503, failure.type);
  if (failure.cause !== undefined) return send(reply, 500, 'unexpected');
  const status = notFound.includes(failure.type)
    ? 404
    : conflicts.includes(failure.type)
      ? 409
      : 422;
  return send(reply, status, failure.type, failure.message);
}

const send = (reply: FastifyReply, status: number, code: string, detail?: string): FastifyReply =>
  reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({ type: `urn:afterloop:problem:${code}`, title: code, status, code, detail }),
    );
