/** Prometheus at `/metrics`: requests by route and status, and the process's own numbers. */
import type { FastifyInstance } from 'fastify';
import fastifyMetrics from 'fastify-metrics';

export async function useMetrics(app: FastifyInstance): Promise<void> {
  await app.register(fastifyMetrics.default, {
    endpoint: null,
    clearRegisterOnInit: true,
    routeMetrics: { enabled: { histogram: true, summary: false } },
  });
  const { register } = app.metrics.client;
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
}
