/** What the supervisor's words and the other actions carry. */
import { z } from 'zod';
import { holdReasons } from './case.ts';
import { instant, partLines, personal, reason, staffNumber } from './values.ts';

/** Bodies of `POST /v1/cases/{caseNumber}/actions/{action}`. Every one carries the reason. */
export const actions = {
  escalate: z.strictObject({ reason, level: z.int().min(1).max(3).optional() }),
  acknowledge: z.strictObject({ reason }),
  hold: z.strictObject({ reason, holdReason: z.enum(holdReasons) }),
  resume: z.strictObject({ reason }),
  reassign: z.strictObject({ reason, assignee: staffNumber }),
  waive: z.strictObject({ reason, blocker: z.string().regex(/^[a-zA-Z0-9]{1,40}$/) }),
  reject: z.strictObject({ reason }),
  cancel: z.strictObject({ reason }),
  close: z.strictObject({ reason }),
  note: z.strictObject({ reason, text: personal(4000).optional() }),
  requestSupport: z.strictObject({ reason }),
  extendLoan: z.strictObject({ reason, loan: z.string().regex(/^loan\d{1,3}$/), dueAt: instant }),
  writeOffLoan: z.strictObject({
    reason,
    loan: z.string().regex(/^loan\d{1,3}$/),
    lines: partLines.min(1),
    chargeTo: z.enum(['technician', 'customer', 'company']),
  }),
  reopen: z.strictObject({ reason }),
  reproject: z.strictObject({ reason }),
} as const;
export type ActionName = keyof typeof actions;
export type ActionBody<Name extends ActionName> = z.infer<(typeof actions)[Name]>;
