/** The one writer of problem+json, on all three hooks: handlers and validation, the router, and the bare socket (D8). */
import type { Socket } from 'node:net';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import { PartnerAway } from '../../services/lists/index.ts';
import { EngineUnavailable } from '../engine.ts';
import { fieldsRefused } from '../fields.ts';
import { type Code, invalid, notFound, Problem } from '../problem.ts';
import { codes } from '../problem-catalogue.ts';

const byStatus = new Map<number, Code>([
  [400, 'malformedRequest'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [405, 'methodNotAllowed'],
  [408, 'requestTimeout'],
  [413, 'tooLarge'],
  [414, 'notFound'],
  [415, 'unsupportedMediaType'],
  [429, 'tooManyRequests'],
  [431, 'headersTooLarge'],
]);

/** Any error as a problem: what we didn't foresee is 503, its cause only in the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof EngineUnavailable) return new Problem('unavailable');
  if (error instanceof PartnerAway) return new Problem('unavailable', { detail: error.message });
  const { statusCode, type } = error as { statusCode?: number; type?: string };
  if (type === 'BadCursor') {
    const errors = [{ pointer: '/cursor', detail: 'not a cursor of this list' }];
    return new Problem('invalidRequest', { errors });
  }
  return new Problem(byStatus.get(statusCode ?? 0) ?? 'unavailable');
}

/** What a schema refuses: a path names nothing, a header is missing or wrong, anything else is 422 by field. */
export function schemaProblem(errors: FastifySchemaValidationError[], part: string): Problem {
  const [first] = errors;
  if (part === 'params') return notFound(first?.message ?? 'thing');
  if (part !== 'headers') return invalid(fieldsRefused(errors));
  const name = first?.instancePath.slice(1) ?? '';
  return first?.keyword === 'invalid_type'
    ? new Problem('headerMissing', { detail: name })
    : new Problem('malformedRequest', { detail: first?.message ?? name });
}

/** Sends a problem; the request's id lets an operator find its log lines. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ ...problem.toJSON(), instance: `urn:afterloop:request:${reply.request.id}` });
}

/** Answers with the problem that an error is. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error);
  if (problem.status === 503 && problem !== error)
    request.log.error({ err: error }, 'answered 503');
  return sendProblem(reply, problem);
}

/** What the router refuses before a route is found: `%zz`, a parameter that is too long. */
export function frameworkErrors(error: FastifyError, _request: unknown, reply: unknown): void {
  void sendProblem(reply as FastifyReply, problemOf(error));
}

const socketCodes: Record<string, Code> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimeout',
};

/** What isn't HTTP at all, or never finishes: answered on the socket, which is then closed. */
export function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = new Problem(socketCodes[error.code ?? ''] ?? 'malformedRequest');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${codes[problem.code].title.en}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Errors and unknown routes of an app answer as problems. */
export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(() => {
    throw new Problem('notFound', { detail: 'no such route' });
  });
}
