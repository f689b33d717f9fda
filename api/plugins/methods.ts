/** A path that exists, with a method that it does not take: 405, and which ones it does. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem.ts';

/** Notes the methods of every route that is described; call what it gives once all routes are there. */
export function useMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method, schema }) => {
    if (schema?.hide) return;
    const methods = taken.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    taken.set(url, methods);
  });
  return () => {
    const all = app.supportedMethods;
    for (const [url, methods] of [...taken]) refuseOthers(app, url, [...methods].sort(), all);
  };
}

function refuseOthers(app: FastifyInstance, url: string, allowed: string[], all: string[]): void {
  const method = all.filter((one) => !allowed.includes(one));
  if (method.length === 0) return;
  app.route({
    method,
    url,
    schema: { hide: true },
    onRequest: async (_request, reply) => {
      reply.header('allow', allowed.join(', '));
      throw new Problem('methodNotAllowed');
    },
    handler: async () => undefined,
  });
}
