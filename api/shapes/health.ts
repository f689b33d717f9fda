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
  })
  .meta({ id: 'Readiness' });
