/** Schedules of inspection rounds, as `/v1/inspection-plans` shows them: what a round is opened with stands beside when (FLOW-INSP). */
import { z } from 'zod';
import { scheduledInspectionFlow } from './flows/scheduled-inspection/flow.ts';
import { openScheduledInspection } from './flows/scheduled-inspection/opening.ts';
import type { ScheduleTerms } from './schedule.ts';
import {
  atMostOne,
  changedTerms,
  eitherOne,
  newTiming,
  somethingSaid,
  termsOf,
  timing,
} from './schedule-contracts.ts';
import { reason } from './values.ts';

const { customerNumber, phase, serialNumbers, severity, dueWithin } = openScheduledInspection.shape;
const round = {
  phase,
  /** Null: whatever the customer has when a round falls due. */
  serialNumbers: serialNumbers.unwrap().nullable(),
  /** A round is to be done so long after it was opened. */
  dueWithin: dueWithin.unwrap(),
  severity: severity.unwrap(),
};

/** `POST /v1/inspection-plans`. */
export const newPlan = z
  .strictObject({
    customerNumber,
    phase,
    serialNumbers: round.serialNumbers.default(null),
    ...newTiming,
    dueWithin: round.dueWithin.default('P28D'),
    severity: round.severity.default('low'),
  })
  .refine(...eitherOne);
export type NewPlanBody = z.infer<typeof newPlan>;

/** `PATCH /v1/inspection-plans/{planNumber}`: what is left out stays. */
export const planChange = z
  .strictObject({ ...z.object({ ...round, ...timing }).partial().shape, reason })
  .refine(...atMostOne)
  .refine(...somethingSaid);
export type PlanChange = z.infer<typeof planChange>;

const flow = scheduledInspectionFlow.name;

/** The terms of the schedule that a new plan is. */
export function inspectionTerms(body: NewPlanBody): ScheduleTerms {
  const { customerNumber, phase, serialNumbers, dueWithin, severity, ...timing } = body;
  const request = requestOf({ customerNumber, phase, serialNumbers, dueWithin, severity });
  return termsOf({ flow, request, ...timing });
}

/** Its terms after a change. */
export function changedInspection(before: ScheduleTerms, change: PlanChange): ScheduleTerms {
  const { phase, serialNumbers, dueWithin, severity, ...timing } = change;
  const request = requestOf({
    ...before.request,
    ...said({ phase, serialNumbers, dueWithin, severity }),
  });
  return changedTerms({ ...before, request }, timing);
}

const said = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const requestOf = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** What a plan shows of its schedule's terms. */
export function inspectionOf({ flow: _, request, ...timing }: ScheduleTerms) {
  const { customerNumber, phase, serialNumbers, dueWithin, severity } =
    openScheduledInspection.parse(request);
  return {
    customerNumber,
    phase,
    serialNumbers: serialNumbers ?? null,
    ...timing,
    dueWithin: dueWithin ?? null,
    severity: severity ?? ('low' as const),
  };
}

export const planExamples: z.input<typeof newPlan>[] = [
  {
    customerNumber: 'CU-1003',
    phase: 'middle',
    calendar: { daysOfMonth: [1, 2, 3, 4, 5, 6, 7], weekdays: ['monday'], times: ['09:00'] },
    timeZone: 'Asia/Shanghai',
    overlap: 'skip',
  },
  {
    customerNumber: 'CU-1003',
    phase: 'early',
    serialNumbers: ['NET-SCH-0001'],
    interval: { every: 'P7D' },
    timeZone: 'UTC',
  },
];
