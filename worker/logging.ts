import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Sends what the SDK and its native core have to say to our log, and leaves signals to `worker/main.ts`, which stops in order. Once per process. */
export function routeSdkLogs(log: Logger): void {
  const logger = new DefaultLogger('INFO', (entry) => write(log, entry));
  const logging = { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } as const;
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}

function write(log: Logger, { level, message, meta }: LogEntry): void {
  const method = level.toLowerCase() as Lowercase<LogEntry['level']>;
  log[method]({ ...meta }, message);
}
