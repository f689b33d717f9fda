/** The API process: listens, and starts cases that were left pending. Any number of them may run side by side. */
import { Client, Connection } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import { type Logger, pino } from 'pino';
import {
  type Config,
  ConfigError,
  loadConfig,
  processEnvironment,
  requireDatabaseUrl,
} from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { connect, type Sql } from '../db/connect.ts';
import {
  createBrake,
  createCaseStarter,
  createWorkflowReader,
  reconcile,
  sweepPending,
  type WorkflowReader,
} from '../services/cases/index.ts';
import { createInbound } from '../services/inbound/built-in.ts';
import { createChannels } from '../services/notification/channels.ts';
import type { Channels } from '../services/notification/index.ts';
import { builtInServices, chooseServices } from '../services/partner/choose.ts';
import { createScheduler, openWaiting, sweepSchedules } from '../services/schedules/index.ts';
import { createStores, type Stores } from '../services/stores.ts';
import { createWebhooks } from '../services/webhooks/built-in.ts';
import { createAddresses } from '../services/webhooks/index.ts';
import { sweepInbound } from './acts/inbound.ts';
import { buildApp } from './app.ts';
import type { AppDeps } from './deps.ts';
import { type Authenticate, createDemoAuth, createJwtAuth } from './plugins/auth.ts';
import { createTemporalEngine } from './temporal.ts';

const sweepEveryMs = 2_000;
/** Back within seconds after the engine is, however long it was away; a silent partition is noticed as soon. */
const channelArgs = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
};

await runMain(main);

async function main(): Promise<void> {
  const config = loadConfig(processEnvironment());
  const log = pino({ level: config.logLevel, name: 'api' });
  const sql = connect(requireDatabaseUrl(config), { applicationName: 'afterloop-api' });
  const patient = connect(requireDatabaseUrl(config), {
    max: 2,
    statementTimeoutMs: 20_000,
    applicationName: 'afterloop-imports',
  });
  const sweeping = connect(requireDatabaseUrl(config), {
    max: 2,
    applicationName: 'afterloop-sweeps',
  });
  const stores = createStores(sql, patient);
  const authenticate = authenticateBy(config, stores);
  // connects with the first call: the door opens before the engine does, and says 503 until then
  const connection = Connection.lazy({ ...config.connection, channelArgs });
  const client = new Client({ connection, namespace: config.namespace });
  const common = { client, authenticate, log };
  const app = await buildApp(depsOf(config, { ...common, sql, stores }));
  // on connections of its own: what is looked for takes none from calls
  const sweepDeps = { ...common, sql: sweeping, stores: createStores(sweeping) };
  const sweeper = sweepFrom(depsOf(config, sweepDeps), createWorkflowReader(client), log);
  await app.listen({ host: config.host, port: config.port });
  closeWithGrace({ delay: 10_000, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'API failed');
    clearInterval(sweeper);
    await app.close();
    await connection.close();
    await Promise.all([sql, patient, sweeping].map((pool) => pool.end({ timeout: 5 })));
  });
}

interface Parts {
  sql: Sql;
  stores: Stores;
  client: Client;
  authenticate: Authenticate;
  log: Logger;
}

function depsOf(config: Config, { sql, stores, client, authenticate, log }: Parts): AppDeps {
  const { namespace, engine, openings, temporalUiUrl } = config;
  const { taskQueues } = engine;
  const starter = createCaseStarter(client, { taskQueue: taskQueues.workflows });
  const channels = createChannels(sql, config.messages, requireDatabaseUrl(config));
  return {
    stores,
    ...chooseServices(
      sql,
      builtInServices(sql, channels),
      config.partners.services,
      channels.links,
      (failure) => log.warn(failure, 'the parts partner tells no kit: a case opens with ours'),
    ),
    messages: messageDoor(config, sql, channels),
    scheduler: createScheduler(client, { taskQueue: taskQueues.workflows }),
    engine: createTemporalEngine(client, { starter, namespace, taskQueues }),
    opening: { brake: createBrake(openings), mostStanding: openings.standing },
    authenticate,
    pingDatabase: () => sql`select 1`,
    temporalUi: temporalUiLinks(temporalUiUrl, namespace),
    now: () => new Date().toISOString(),
    limits: { callsPerMinute: config.callsPerMinute },
    trustedProxies: config.trustedProxies,
    logger: log,
  };
}

function messageDoor({ messages }: Config, sql: Sql, { links }: Channels): AppDeps['messages'] {
  return {
    inbound: createInbound(sql, messages.phoneCountry),
    inboundSecret: messages.inboundSecret,
    webhooks: createWebhooks(sql, createAddresses(messages.webhookAllow)),
    statusLinks: links,
  };
}

function authenticateBy({ auth }: Config, { directory }: Stores): Authenticate {
  switch (auth.kind) {
    case 'demo':
      return createDemoAuth(directory);
    case 'jwt':
      return createJwtAuth(auth);
    case 'missing':
      throw new ConfigError(auth.message);
    default:
      return auth satisfies never;
  }
}

function temporalUiLinks(base: string, namespace: string): AppDeps['temporalUi'] {
  return (workflowId, runId) => {
    const page = `${base}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
    return runId ? `${page}/${runId}/history` : page;
  };
}

/** Every few seconds: starts what was left pending, and has reported anew what the rows know better than the engine. */
function sweepFrom(deps: AppDeps, reader: WorkflowReader, log: Logger) {
  const { stores, engine } = deps;
  let sweeping = false;
  return setInterval(async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      const started = await sweepPending({ cases: stores.cases, starter: engine });
      if (started > 0) log.info({ started }, 'started pending cases');
      const ahead = await reconcile({ acts: stores.acts, reader });
      if (ahead > 0) log.warn({ ahead }, 'rows were ahead of their workflows: reported anew');
      await sweepDue(deps, log);
      await sweepInbound(deps);
    } catch (error) {
      log.warn({ err: error }, 'the sweep could not be finished yet');
    } finally {
      sweeping = false;
    }
  }, sweepEveryMs);
}

/** Schedules that are still to follow their rows, and cases that waited for the schedule's open one to end. */
async function sweepDue(deps: AppDeps, log: Logger): Promise<void> {
  const { stores, scheduler, engine: starter, parts, now } = deps;
  const opened = await openWaiting({ ...stores, parts, starter, now });
  const scheduled = await sweepSchedules({ schedules: stores.schedules, scheduler, now });
  if (scheduled + opened > 0) log.info({ scheduled, opened }, 'schedules swept');
}
