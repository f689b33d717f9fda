import { z } from 'zod';

export const healthShape = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export const readinessShape = z
  .object({
    ready: z.boolean(),
    database: z.boolean(),
    engine: z.boolean(),
    pollers: z
      .record(z.string(), z.boolean())
      .nullable()
      .describe('by task queue; null: the engine did not answer'),
    currentBuild: z
      .boolean()
      .nullable()
      .describe(
        'whether each build that the engine gives cases to polls for them; false beside polled queues: no running build is current; null: the engine did not answer',
      ),
  })
  .meta({ id: 'Readiness' });
