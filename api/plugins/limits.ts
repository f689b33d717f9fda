/** What a caller may ask of this process: how much, how often, and in which shape. */
import helmet from '@fastify/helmet';
import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { parseStrictly } from '../json.ts';
import { Problem } from '../problem.ts';
import type { CallCounter } from './calls.ts';

export interface Limits {
  /** Calls per minute and person. */
  callsPerMinute: number;
  /** Milliseconds from the first byte of a request to its last. */
  requestTimeoutMs: number;
  /** Milliseconds a handler may take before the answer is 503. */
  handlerTimeoutMs: number;
  /** Milliseconds that the process may stand still, on average within a second, before calls are answered 503 at once. */
  standstillMs: number;
}

/** Generous to people and clients; the slow and the endless are cut off. */
export const defaultLimits: Limits = {
  callsPerMinute: 6_000,
  requestTimeoutMs: 15_000,
  handlerTimeoutMs: 25_000,
  standstillMs: 5_000,
};

const mebibyte = 1024 * 1024;

/** The limits that belong to the server itself. */
export function serverLimits(limits: Limits) {
  return {
    bodyLimit: mebibyte,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: 60_000,
    keepAliveTimeout: 30_000,
    handlerTimeout: limits.handlerTimeoutMs,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    http: { headersTimeout: limits.requestTimeoutMs, connectionsCheckingInterval: 1_000 },
  } as const;
}

/** Back-pressure, safe headers, and a body parser that takes JSON in UTF-8 only, or CSV where a route says so. */
export async function useLimits(
  app: FastifyInstance,
  { standstillMs }: Pick<Limits, 'standstillMs'>,
): Promise<void> {
  // behind a proxy that speaks TLS these two are the proxy's to say; on loopback they would break the page
  await app.register(helmet, {
    hsts: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  await app.register(underPressure, {
    maxEventLoopDelay: standstillMs,
    pressureHandler: (_request, _reply, _type, delayMs) => {
      // Infinity: no tick fell between two samples, so the delay is unknown. One second of work, begun right after a sample, does that.
      if (delayMs !== Number.POSITIVE_INFINITY) throw new Problem('unavailable');
    },
  });
  acceptBodies(app);
}

/** How often each caller may call one door. */
export interface Rate {
  /** What the door is called in the counts: each counts for itself. */
  door: string;
  callsPerMinute: number;
  counter: CallCounter;
}

/** So many calls per person, over all processes; register after auth. */
export async function useRateLimit(
  app: FastifyInstance,
  { door, callsPerMinute, counter }: Rate,
): Promise<void> {
  await app.register(rateLimit, {
    max: callsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `${door}/${request.person?.id ?? request.ip}`,
    store: storeOver(counter, callsPerMinute),
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('tooManyRequests', { retryAfter: Math.ceil(ttl / 1000) }),
  });
}

/** The counter in the form that the plugin asks for. */
const storeOver = (counter: CallCounter, callsPerMinute: number) =>
  class implements FastifyRateLimitStore {
    incr(caller: string, callback: Parameters<FastifyRateLimitStore['incr']>[1]) {
      callback(null, counter.count(caller, callsPerMinute));
    }
    child() {
      return this;
    }
  };

const utf8Json = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;
const utf8Csv = /^text\/csv\s*(;\s*(charset="?utf-8"?|header=present)\s*)*$/i;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a CSV file, which the route takes as it came; JSON when undefined. */
    csv?: true;
  }
}

function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseStrictly(body),
  );
  app.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  );
  app.addHook('preParsing', async ({ headers, method, routeOptions }, _reply, payload) => {
    if (method !== 'POST') return payload;
    const allowed = routeOptions.config.csv ? utf8Csv : utf8Json;
    const type = headers['content-type'];
    const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
    if (!isPlain || (type !== undefined && !allowed.test(type)))
      throw new Problem('unsupportedMediaType');
    return payload;
  });
}
