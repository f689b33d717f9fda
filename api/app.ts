/** Builds the API; never listens. */

import { randomUUID } from 'node:crypto';
import etag from '@fastify/etag';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { AppDeps } from './deps.ts';
import { useAudit } from './plugins/audit.ts';
import { useAuth } from './plugins/auth.ts';
import { createCallCounter } from './plugins/calls.ts';
import {
  defaultLimits,
  type Rate,
  serverLimits,
  useLimits,
  useRateLimit,
} from './plugins/limits.ts';
import { useMethods } from './plugins/methods.ts';
import { useMetrics } from './plugins/metrics.ts';
import { useOpenApi } from './plugins/openapi.ts';
import {
  clientErrorHandler,
  frameworkErrors,
  schemaProblem,
  useProblems,
} from './plugins/problems.ts';
import { actRoutes } from './routes/acts.ts';
import { boardRoutes } from './routes/board.ts';
import { caseRoutes } from './routes/cases.ts';
import { chargeRoutes } from './routes/charges.ts';
import { describeBodies } from './routes/context.ts';
import { failureRoutes } from './routes/failure-records.ts';
import { flowRoutes } from './routes/flows.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { inboundDoor, inboundRoutes } from './routes/inbound.ts';
import { openingRoutes } from './routes/open-case.ts';
import { problemRoutes } from './routes/problems.ts';
import { registerRoutes } from './routes/register.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { serviceRoutes } from './routes/services.ts';
import { statusPageRoutes } from './routes/status-page.ts';
import { logAuditorReadings, timelineRoutes } from './routes/timeline.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { worklistRoutes } from './routes/worklist.ts';

/** The whole front door over the given dependencies. Close it with `app.close()`. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const limits = { ...defaultLimits, ...deps.limits };
  const app: FastifyInstance = Fastify({
    ...serverLimits(limits),
    trustProxy: deps.trustedProxies ?? [],
    ...(deps.logger ? { loggerInstance: deps.logger } : {}),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    frameworkErrors,
    clientErrorHandler,
    schemaErrorFormatter: schemaProblem,
  });
  useProblems(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const refuseOtherMethods = useMethods(app);
  await useLimits(app, limits);
  await useOpenApi(app);
  await useMetrics(app);
  await healthRoutes(app, deps);
  await problemRoutes(app);
  const { callsPerMinute } = limits;
  const counter = createCallCounter(deps.stores.callers, deps.now);
  app.addHook('onClose', async () => counter.close());
  const rate = (door: string) => ({ door, callsPerMinute, counter });
  await app.register((v1) => version1(v1, deps, rate('v1')), { prefix: '/v1' });
  await app.register((door) => inboundDoor(door, deps, rate('inbound')), {
    prefix: '/v1/inbound',
  });
  await app.register((pages) => statusPageRoutes(pages, deps, rate('s')), {
    prefix: '/s',
  });
  refuseOtherMethods();
  return app;
}

async function version1(app: FastifyInstance, deps: AppDeps, rate: Rate) {
  useAuth(app, deps.authenticate);
  useAudit(app, deps);
  await useRateLimit(app, rate);
  await app.register(etag);
  logAuditorReadings(app, deps);
  await app.register(async (described) => {
    describeBodies(described);
    await openingRoutes(described, deps);
    await actRoutes(described, deps);
    await importRoutes(described, deps);
  });
  await caseRoutes(app, deps);
  await worklistRoutes(app, deps);
  await boardRoutes(app, deps);
  await timelineRoutes(app, deps);
  await flowRoutes(app);
  await registerRoutes(app, deps);
  await serviceRoutes(app, deps);
  await inboundRoutes(app, deps);
  await app.register((administered) => webhookRoutes(administered, deps));
  await chargeRoutes(app, deps);
  await failureRoutes(app, deps);
  await scheduleRoutes(app, deps);
}
