/** An inspection plan as every reader sees it. */
import { z } from 'zod';
import {
  type Calendar,
  type Interval,
  overlaps,
  type PlanTerms,
  phases,
  planStatuses,
  weekdays,
} from '../../domain/inspection-plan.ts';
import type { Occurrence, PlanEvent, PlanRow } from '../../services/inspection/index.ts';
import { actorShape, at, rowOf } from './common.ts';

export const planActions = ['change', 'pause', 'resume', 'backfill', 'archive'] as const;
export type PlanAction = (typeof planActions)[number];

const termsShape = rowOf<PlanTerms>()({
  customerNumber: z.string(),
  phase: z.enum(phases),
  serialNumbers: z.array(z.string()).nullable().describe('null: whatever the customer has then'),
  calendar: rowOf<Calendar>()({
    months: z.array(z.int()).optional(),
    daysOfMonth: z.array(z.int()).optional(),
    weekdays: z.array(z.enum(weekdays)).optional(),
    times: z.array(z.string()),
  }).nullable(),
  interval: rowOf<Interval>()({ every: z.string(), startingAt: at.optional() }).nullable(),
  timeZone: z.string(),
  overlap: z.enum(overlaps).describe('what happens while the last round is still open'),
  catchUpWindow: z.string(),
  dueWithin: z.string(),
  severity: z.enum(['medium', 'low']),
});
const rowShape = rowOf<Omit<PlanRow, 'terms' | 'syncedVersion'>>()({
  planNumber: z.string(),
  status: z.enum(planStatuses),
  reason: z.string().nullable().describe('why it was changed last'),
  version: z.int(),
  createdBy: actorShape,
  createdAt: at,
  changedAt: at,
});
const plan = z.object({
  ...rowShape.shape,
  ...termsShape.shape,
  scheduled: z.boolean().describe('false: its Schedule does not follow it yet'),
  allowedActions: z.array(z.enum(planActions)),
  links: z.object({ self: z.string() }),
});
export const planShape = plan.meta({ id: 'InspectionPlan' });
export type PlanPage = z.output<typeof planShape>;

const occurrenceShape = rowOf<Occurrence>()({
  nominalAt: at,
  result: z.enum(['opened', 'skipped', 'buffered', 'refused']),
  caseNumber: z.string().nullable(),
  detail: z.string().nullable(),
  recordedAt: at,
}).meta({ id: 'Occurrence' });
export const wholePlanShape = plan
  .extend({
    nextOccurrences: z.array(at).nullable().describe('null: the engine did not answer'),
    occurrences: z.array(occurrenceShape),
    changes: z.array(
      rowOf<PlanEvent>()({
        kind: z.string(),
        at,
        actor: actorShape,
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WholeInspectionPlan' });
export type WholePlanPage = z.output<typeof wholePlanShape>;
