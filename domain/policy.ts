/** A service policy: every number that a product class promises, versioned and immutable (docs/requirements.md, R..). */
import { z } from 'zod';
import { holdReasons, severities } from './case.ts';

/** ISO 8601 with days as its largest unit: months and years have no fixed length. */
const duration = z
  .string()
  .regex(
    /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/,
    'an ISO 8601 duration of days, hours, minutes, seconds',
  );
const alertLevel = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const perSeverity = z.record(z.enum(severities), duration);

const clocks = z
  .array(
    z.strictObject({
      name: z.enum(['response', 'restore', 'resolution', 'callback']),
      target: perSeverity,
      pausedBy: z.array(z.enum(holdReasons)),
      rungs: z.array(z.strictObject({ percent: z.int().min(1).max(1000), alertLevel })),
      /** The rule it comes from: `R18`. */
      source: z.string(),
    }),
  )
  .min(1);

/** What is promised in an emergency instead (FLOW-EMER): its own clocks, and how whoever is on call is paged. */
const emergency = z.strictObject({
  clocks,
  acknowledgeWithin: duration,
  /** How long each person on the ladder has to answer. */
  pageWithin: perSeverity,
  /** How often the ladder is gone through, the supervisor told after each time. */
  ladderRounds: z.int().min(1).max(20),
  /** From the customer's verification to the follow-up (M31). */
  followUpAfter: duration,
});

export const policyBody = z.strictObject({
  productClass: z.enum(['heavyEquipment', 'itProduct', 'homeAppliance']),
  clocks,
  emergency,
  /** An alert not acknowledged within this time rises a level. */
  acknowledgeWithin: duration,
  /** Due times of tasks by name; `default` for the rest. */
  taskDue: z.record(z.string(), duration).and(z.object({ default: duration })),
  /** Best first; the last two send a case back to service (R35). */
  ratingScale: z.tuple([z.literal('A'), z.literal('B'), z.literal('C'), z.literal('D')]),
  maxServiceRounds: z.int().min(1).max(20),
  maxCallbackAttempts: z.int().min(1).max(20),
  onSiteSignatures: z.enum(['none', 'user', 'userAndWitnesses']),
  visitWhenUserOwnsPart: z.boolean(),
  visitMinutes: z.int().min(15).max(1440),
  loan: z.strictObject({
    returnWithin: duration,
    overdueLevels: z.tuple([duration, duration, duration]),
  }),
  retention: duration,
  /** Paid repair (FLOW-OW, FLOW-ARR, FLOW-CHARGE): every number is our design. */
  paid: z.strictObject({
    quoteValidFor: duration,
    /** So long before a quote ends the customer is reminded of it. */
    quoteReminder: duration,
    /** After so long a supervisor is reminded of an open decision. */
    decisionReminder: duration,
    /** After so long a customer is reminded of an open payment. */
    paymentReminder: duration,
  }),
  /** Defect reports (FLOW-DEF, FLOW-FRACAS): every number is our design. */
  defect: z.strictObject({
    /** So many distinct units that failed alike within so many days open a report. */
    trend: z.strictObject({
      count: z.int().min(2).max(1000),
      windowDays: z.int().min(1).max(3650),
    }),
    /** After so long the owner of an open step is reminded of it. */
    ownerReminders: z.array(duration).min(1).max(10),
    /** When a corrective action is due unless its proposal says otherwise. */
    actionWithin: duration,
    /** So long before it is due the owner is reminded of it. */
    actionReminder: duration,
    /** When its effect is checked, from the moment that it was in place. */
    effectCheckAfter: duration,
    /** It worked when treated units fail at most at this share of the rate of prior ones. */
    effectAtMostPercent: z.int().min(0).max(100),
  }),
});
export type PolicyBody = z.infer<typeof policyBody>;

export interface Policy {
  name: string;
  version: number;
  body: PolicyBody;
}
