import { z } from 'zod';
import { phases } from '../../inspection-plan.ts';
import { channel, contact, customerNumber, instant, serialNumber } from '../../values.ts';

const once = (values: string[]) => new Set(values).size === values.length;
/** Assets of a round. */
export const serials = z
  .array(serialNumber)
  .min(1)
  .max(200)
  .refine(once, 'each asset once')
  .meta({ uniqueItems: true });

/** `POST /v1/cases` for a round of inspection; without a plan it is ad hoc. */
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
  /** The policy's target when left out. */
  dueBy: instant.optional(),
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
