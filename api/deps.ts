import type { FastifyBaseLogger } from 'fastify';
import type { IntakeDeps } from '../services/cases/index.ts';
import type { DispatchService } from '../services/dispatch/index.ts';
import type { Inbound } from '../services/inbound/index.ts';
import type { Lists } from '../services/lists/index.ts';
import type { NotificationService } from '../services/notification/index.ts';
import type { PartsService } from '../services/parts/index.ts';
import type { Scheduler } from '../services/schedules/index.ts';
import type { StatusLinks } from '../services/status-links/index.ts';
import type { Stores } from '../services/stores.ts';
import type { Webhooks } from '../services/webhooks/index.ts';
import type { Engine } from './engine.ts';
import type { Authenticate } from './plugins/auth.ts';
import type { Limits } from './plugins/limits.ts';

/** What arrives from outside, and who is told of what happens inside. */
export interface MessageDoor {
  inbound: Inbound;
  /** Checks what gateways send; null: nothing is taken in. */
  inboundSecret: string | null;
  webhooks: Webhooks;
  /** Null: customers have no status pages. */
  statusLinks: StatusLinks | null;
}

/** Everything the API works with; built by main, by tests as they need it. */
export interface AppDeps {
  stores: Stores;
  parts: PartsService;
  dispatch: DispatchService;
  notification: NotificationService;
  lists: Lists;
  messages: MessageDoor;
  engine: Engine;
  /** How new cases are held back. */
  opening: Pick<IntakeDeps, 'brake' | 'mostStanding'>;
  /** The engine's Schedules. */
  scheduler: Scheduler;
  authenticate: Authenticate;
  /** Fails when the database does not answer. */
  pingDatabase: () => Promise<unknown>;
  /** The case's page in the Temporal UI. */
  temporalUi: (workflowId: string, runId: string | null) => string;
  /** ISO 8601 UTC. */
  now: () => string;
  limits?: Partial<Limits>;
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed; nobody's when undefined. */
  trustedProxies?: string[];
  logger?: FastifyBaseLogger;
}
