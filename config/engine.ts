import { z } from 'zod';

/** A whole number within bounds, refused by naming them. */
export const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
};
const word = z
  .string('a name')
  .regex(/^[\w.-]{1,100}$/, '1 to 100 letters, digits, "_", "-" or "."');
const version = z
  .string('a version such as 1.5.1')
  .regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.5.1');

/** A workflow knows its own queue's name only: the services' queues are named after it. */
function nameServicesAfterWorkflows({
  value,
  issues,
}: z.core.ParsePayload<Record<string, string>>): void {
  const { workflows = '', ...services } = value;
  for (const [service, queue] of Object.entries(services)) {
    const allowed = `${workflows}-${service}`;
    if (queue !== allowed)
      issues.push({ code: 'custom', message: allowed, path: [service], input: queue });
  }
}

/** The shape of temporal.yaml. */
export const engineSchema = z.strictObject({
  address: z
    .string('host:port or null')
    .regex(/^[^:\s]+:\d+$/, 'host:port or null')
    .nullable(),
  namespace: word,
  retentionDays: whole(1, 36_500),
  taskQueues: z
    .strictObject({
      workflows: word,
      parts: word,
      dispatch: word,
      notification: word,
    })
    .check(nameServicesAfterWorkflows),
  worker: z.strictObject({
    stickyScheduleToStartMs: whole(100, 60_000),
    maxCachedWorkflows: whole(1, 100_000),
    maxConcurrentWorkflowTasks: whole(2, 1000),
    maxConcurrentLocalActivities: whole(1, 1000),
    maxConcurrentActivities: whole(1, 1000),
    databaseConnections: whole(1, 500),
    shutdownGraceMs: whole(0, 600_000),
    shutdownForceMs: whole(1, 600_000),
  }),
  client: z.strictObject({ connectTimeoutMs: whole(1, 600_000) }),
  embedded: z.strictObject({
    cliVersion: version,
    testServerVersion: version,
    sqlitePragmas: z.record(z.string(), z.union([z.string(), z.number()], 'a text or a number')),
    dynamicConfig: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()], 'a text, a number, true or false'),
    ),
  }),
});

/** temporal.yaml, checked. */
export type EngineSettings = z.infer<typeof engineSchema>;
