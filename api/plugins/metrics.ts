/** Prometheus at `/metrics`: requests by route and status, and the process's own numbers. */
import type { FastifyInstance } from 'fastify';
import fastifyMetrics from 'fastify-metrics';
import { z } from 'zod';
import { problemsOf } from '../shapes/problem.ts';

const schema = {
  operationId: 'getMetrics',
  tags: ['health'],
  summary: 'Requests by route and status, and the process itself, for Prometheus',
  security: [],
  response: {
    200: { description: 'metrics', content: { 'text/plain': { schema: z.string() } } },
    ...problemsOf(),
  },
};

export async function useMetrics(app: FastifyInstance): Promise<void> {
  await app.register(fastifyMetrics.default, {
    endpoint: null,
    clearRegisterOnInit: true,
    routeMetrics: { enabled: { histogram: true, summary: false } },
  });
  const { register } = app.metrics.client;
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
}
