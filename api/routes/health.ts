import type { FastifyInstance } from 'fastify';
import type { AppDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { healthShape, readinessShape } from '../shapes/health.ts';
import { problemsOf } from '../shapes/problem.ts';
import { typed } from './context.ts';

const open = { tags: ['health'], security: [] };
const aliveSchema = {
  ...open,
  operationId: 'getHealth',
  summary: 'Alive',
  response: { 200: healthShape, ...problemsOf() },
};
const readySchema = {
  ...open,
  operationId: 'getReadiness',
  summary:
    'Ready: database, engine, a poller on each task queue, of the build that is given the cases',
  response: { 200: readinessShape, ...problemsOf() },
};

/** `/healthz`: this process answers. `/readyz`: database, engine, and somebody polling each task queue, of the current build where builds are told apart (D7). */
export async function healthRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  typed(app).get('/healthz', { schema: aliveSchema }, async () => ({ status: 'ok' as const }));
  typed(app).get('/readyz', { schema: readySchema }, async () => {
    const checks = await readiness(deps);
    if (!checks.ready) throw new Problem('unavailable', { detail: 'not ready', more: { checks } });
    return checks;
  });
}

async function readiness({ pingDatabase, engine }: AppDeps) {
  const [database, pollers] = await Promise.all([
    pingDatabase().then(
      () => true,
      () => false,
    ),
    engine.pollers().catch(() => null),
  ]);
  const { queues = null, currentBuild = null } = pollers ?? {};
  const polled = queues !== null && Object.values(queues).every(Boolean) && currentBuild === true;
  return {
    ready: database && polled,
    database,
    engine: pollers !== null,
    pollers: queues,
    currentBuild,
  };
}
