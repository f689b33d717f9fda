import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildApp } from '../../../api/app.ts';
import type { AppDeps } from '../../../api/deps.ts';
import { type Engine, EngineUnavailable } from '../../../api/engine.ts';
import { createDemoAuth } from '../../../api/plugins/auth.ts';
import { createTemporalEngine } from '../../../api/temporal.ts';
import type { Sql } from '../../../db/connect.ts';
import type { Role } from '../../../domain/case.ts';
import { flowDefinition } from '../../../domain/catalogue.ts';
import { createCaseStarter } from '../../../services/cases/index.ts';
import { createInbound } from '../../../services/inbound/built-in.ts';
import { builtInServices, chooseServices } from '../../../services/partner/choose.ts';
import type { Scheduler } from '../../../services/schedules/index.ts';
import { createStores } from '../../../services/stores.ts';
import { createWebhooks } from '../../../services/webhooks/built-in.ts';
import { createAddresses } from '../../../services/webhooks/index.ts';
import type { World } from '../world.ts';

/** A body of an answer as tests look into it. */
export type Body = Record<string, unknown>;
export interface Answer {
  status: number;
  body: Body;
  headers: Record<string, unknown>;
}

export interface Door {
  app: FastifyInstance;
  deps: AppDeps;
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    role: Role,
    body?: unknown,
    key?: string,
  ): Promise<Answer>;
}

/** An engine that is away: for what the door decides by itself. */
export const noEngine: Engine = {
  start: async () => {
    throw new EngineUnavailable('away');
  },
  open: async () => {
    throw new EngineUnavailable('away');
  },
  deliver: async () => {
    throw new EngineUnavailable('away');
  },
  pollers: async () => {
    throw new EngineUnavailable('away');
  },
};

/** The Schedules of an engine that is away. */
export const noScheduler: Scheduler = {
  put: async () => {
    throw new EngineUnavailable('away');
  },
  remove: async () => {
    throw new EngineUnavailable('away');
  },
  upcoming: async () => {
    throw new EngineUnavailable('away');
  },
  backfill: async () => {
    throw new EngineUnavailable('away');
  },
};

/** The API over a real database, with an engine of the test's choosing. */
export async function openDoor(
  sql: Sql,
  engine: Engine,
  more: Partial<AppDeps> = {},
): Promise<Door> {
  const stores = createStores(sql);
  const deps: AppDeps = {
    stores,
    ...chooseServices(sql, builtInServices(sql)),
    messages: {
      inbound: createInbound(sql, '86'),
      inboundSecret: null,
      webhooks: createWebhooks(sql, createAddresses()),
      statusLinks: null,
    },
    engine,
    opening: {},
    scheduler: noScheduler,
    authenticate: createDemoAuth(stores.directory),
    pingDatabase: () => sql`select 1`,
    temporalUi: (id, runId) => `http://127.0.0.1:8233/namespaces/test/workflows/${id}/${runId}`,
    now: () => new Date().toISOString(),
    ...more,
    // a crowded machine is no matter of the test: see standstill.test.ts
    limits: { standstillMs: 60_000, ...more.limits },
  };
  const app = await buildApp(deps);
  const call: Door['call'] = async (method, url, role, body, key) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer demo-${role}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    } satisfies InjectOptions);
    return { status: response.statusCode, body: response.json(), headers: response.headers };
  };
  return { app, deps, call };
}

/** The engine of a world; short deadlines, so that a test of its absence ends soon, and one of a worker's as soon. */
export function engineOf(world: World, deadlineMs = 10_000, patienceMs = 2_000): Engine {
  const { client, namespace, engine } = world;
  const { taskQueues } = engine;
  const taskQueue = taskQueues.workflows;
  const starter = createCaseStarter(client, { taskQueue, deadlineMs, patienceMs });
  return createTemporalEngine(client, { starter, namespace, taskQueues, deadlineMs });
}

/** The first example of the in-warranty repair, with changes. */
export const firstExample = (changes: Body = {}): Body => ({
  ...flowDefinition('inWarrantyRepair')?.examples[0],
  ...changes,
});
