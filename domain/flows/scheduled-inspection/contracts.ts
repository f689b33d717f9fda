import { z } from 'zod';
import { phases } from '../../inspection-plan.ts';
import {
  channel,
  code,
  contact,
  count,
  customerNumber,
  engineerNumber,
  faultCode,
  instant,
  personal,
  serialNumber,
} from '../../values.ts';

const once = (values: string[]) => new Set(values).size === values.length;
const serials = z
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

/** What an inspector may find. A fault and a suspected defect name their code. */
export const findingKinds = [
  'fault',
  'defectSuspected',
  'possibleProblem',
  'customerProblem',
  'upgradeNeeded',
  'replacementNeeded',
] as const;
const condition = z.enum(['good', 'worn', 'faulty']);

/** The company's inspection form: an entry for each asset, what was found, what the inspector proposes (5.3). */
const form = <Entry extends z.ZodRawShape>(entry: Entry) => ({
  entries: z
    .array(z.strictObject({ serialNumber, ...entry }))
    .min(1)
    .max(200),
  findings: z
    .array(
      z.strictObject({
        serialNumber,
        kind: z.enum(findingKinds),
        faultCode: faultCode.optional(),
      }),
    )
    .max(100),
  observations: personal(4000),
  improvements: personal(2000).optional(),
});
const numbers = z.array(z.int().min(1).max(100)).max(100);

/** Answers of its own tasks. */
export const answers = {
  planRound: z.strictObject({
    /** The inspector. */
    engineerNumber,
    /** The proposed slot of that engineer when left out. */
    start: instant.optional(),
    end: instant.optional(),
    /** Every asset of the round, in the order of the visit. */
    route: serials,
    remark: personal(500).optional(),
  }),
  recordAttendance: z.strictObject({
    attended: z.boolean(),
    /** Who answered the phone. */
    reached: z.enum(['inspector', 'site', 'nobody']),
    remark: personal(500).optional(),
  }),
  fileEarlyForm: z.strictObject(
    form({
      usage: z.enum(['heavy', 'regular', 'rare', 'unused']),
      questionsAsked: count,
      questionsAnswered: count,
    }),
  ),
  fileMiddleForm: z.strictObject(
    form({ equipment: condition, lines: condition, upkeepDone: z.boolean() }),
  ),
  fileLateForm: z.strictObject({
    ...form({
      running: condition,
      linesReplaced: count,
      dustRemoved: z.boolean(),
      returnVisit: z.enum(['satisfied', 'problems', 'notMet']),
    }),
    /** Why fault-prone equipment fails. */
    causes: z.array(z.strictObject({ serialNumber, faultCode, causeCode: code })).max(50),
  }),
  analyseFindings: z.strictObject({
    /** Findings, by their number from 1, that become repair cases. */
    repairs: numbers,
    /** Findings, by their number from 1, that become defect reports. */
    defects: numbers,
    advice: personal(4000),
  }),
  decideCauses: z.strictObject({
    decisions: z
      .array(
        z.strictObject({
          /** Number of the cause, from 1. */
          cause: z.int().min(1).max(50),
          decision: z.enum(['improveProduct', 'changeSupplier', 'replaceModel', 'train', 'watch']),
        }),
      )
      .min(1)
      .max(50),
    reason: personal(500),
  }),
} as const;
