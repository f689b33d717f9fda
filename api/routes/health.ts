import type { FastifyInstance } from 'fastify';
import type { AppDeps } from '../deps.ts';
import { Problem } from '../problem.ts';

/** `/healthz`: this process answers. `/readyz`: database, engine, and somebody polling each task queue (D7). */
export async function healthRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  app.get(
    '/healthz',
    { schema: { tags: ['health'], summary: 'Alive', security: [] } },
    async () => ({
      status: 'ok',
    }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['health'],
        summary: 'Ready: database, engine, a poller on each task queue',
        security: [],
      },
    },
    async () => {
      const checks = await readiness(deps);
      if (!checks.ready)
        throw new Problem('unavailable', { detail: 'not ready', more: { checks } });
      return checks;
    },
  );
}

async function readiness({ pingDatabase, engine }: AppDeps) {
  const [database, pollers] = await Promise.all([
    pingDatabase().then(
      () => true,
      () => false,
    ),
    engine.pollers().catch(() => null),
  ]);
  const polled = pollers !== null && Object.values(pollers).every(Boolean);
  return { ready: database && polled, database, engine: pollers !== null, pollers };
}
