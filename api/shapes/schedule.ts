/** Schedules, and the inspection plans among them, as every reader sees them. */
import { z } from 'zod';
import { phases } from '../../domain/flows/scheduled-inspection/opening.ts';
import type { inspectionOf } from '../../domain/inspection-plan.ts';
import {
  type Calendar,
  type Interval,
  overlaps,
  scheduleStatuses,
  type Template,
  type Timing,
  weekdays,
} from '../../domain/schedule.ts';
import { request } from '../../domain/schedule-contracts.ts';
import type { Occurrence, ScheduleEvent, ScheduleRow } from '../../services/schedules/index.ts';
import { actorShape, at, rowOf } from './common.ts';

export const scheduleActions = ['change', 'pause', 'resume', 'backfill', 'archive'] as const;
export type ScheduleAction = (typeof scheduleActions)[number];

const timing = rowOf<Timing>()({
  calendar: rowOf<Calendar>()({
    months: z.array(z.int()).optional(),
    daysOfMonth: z.array(z.int()).optional(),
    weekdays: z.array(z.enum(weekdays)).optional(),
    times: z.array(z.string()),
  }).nullable(),
  interval: rowOf<Interval>()({ every: z.string(), startingAt: at.optional() }).nullable(),
  timeZone: z.string(),
  overlap: z.enum(overlaps).describe('what happens while the last case is still open'),
  catchUpWindow: z.string(),
});
const standing = rowOf<Omit<ScheduleRow, 'scheduleNumber' | 'terms' | 'syncedVersion'>>()({
  status: z.enum(scheduleStatuses),
  reason: z.string().nullable().describe('why it was changed last'),
  version: z.int(),
  createdBy: actorShape,
  createdAt: at,
  changedAt: at,
}).extend({
  scheduled: z.boolean().describe('false: its Schedule does not follow it yet'),
  allowedActions: z.array(z.enum(scheduleActions)),
  links: z.object({ self: z.string() }),
});

const schedule = z.object({
  scheduleNumber: z.string(),
  ...rowOf<Template>()({
    flow: z.string(),
    request,
  }).shape,
  ...timing.shape,
  ...standing.shape,
});
export const scheduleShape = schedule.meta({ id: 'Schedule' });
export type SchedulePage = z.output<typeof scheduleShape>;

const round = rowOf<Omit<ReturnType<typeof inspectionOf>, keyof Timing>>()({
  customerNumber: z.string(),
  phase: z.enum(phases),
  serialNumbers: z.array(z.string()).nullable().describe('null: whatever the customer has then'),
  dueWithin: z.string().nullable().describe('null: what the policy says'),
  severity: z.enum(['medium', 'low']),
});
const plan = z.object({
  planNumber: z.string(),
  ...round.shape,
  ...timing.shape,
  ...standing.shape,
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
const latest = z.object({
  nextOccurrences: z.array(at).nullable().describe('null: the engine did not answer'),
  occurrences: z.array(occurrenceShape),
  changes: z.array(
    rowOf<ScheduleEvent>()({
      kind: z.string(),
      at,
      actor: actorShape,
      reason: z.string().nullable(),
    }),
  ),
});
export type LatestOf = z.output<typeof latest>;
export const wholeScheduleShape = schedule.extend(latest.shape).meta({ id: 'WholeSchedule' });
export const wholePlanShape = plan.extend(latest.shape).meta({ id: 'WholeInspectionPlan' });
