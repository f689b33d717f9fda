import { z } from 'zod';
import { channel, contact, customerNumber, duration, instant, serialNumber } from '../../values.ts';

export const phases = ['early', 'middle', 'late'] as const;
/** Three passes over all sites, each with its own form (R40). */
export type Phase = (typeof phases)[number];

const once = (values: string[]) => new Set(values).size === values.length;
/** Assets of a round. */
export const serials = z
  .array(serialNumber)
  .min(1)
  .max(200)
  .refine(once, 'each asset once')
  .meta({ uniqueItems: true });

/** `POST /v1/cases` for a round of inspection, and what a schedule of them opens each with. */
export const openScheduledInspection = z.strictObject({
  flow: z.literal('scheduledInspection').optional(),
  class: z.literal('inspection').optional(),
  customerNumber,
  phase: z.enum(phases),
  /** Every asset of the customer when left out. */
  serialNumbers: serials.optional(),
  channel: channel.optional(),
  contact: contact.nullable().optional(),
  severity: z.enum(['medium', 'low']).optional(),
  /** The policy's target when neither is there. */
  dueBy: instant.optional(),
  /** Counts from the opening, so that a round that was caught up has its full time. */
  dueWithin: duration('PT1H', 'P366D').optional(),
});
export type OpenScheduledInspection = z.infer<typeof openScheduledInspection>;

const school = { flow: 'scheduledInspection', customerNumber: 'CU-1003' } as const;
/** Some of its assets. */
export const someOf = ['NET-SCH-0010', 'NET-SCH-0011', 'NET-SCH-0012'];

/** Requests that open the flow; the first leads down the longest documented path: a late round has most to it. */
export const openExamples: OpenScheduledInspection[] = [
  { ...school, phase: phases[2], serialNumbers: someOf },
  { ...school, phase: phases[1], serialNumbers: someOf },
  { ...school, phase: phases[0] },
];
