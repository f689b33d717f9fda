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
  divert: z.strictObject({ reason, service: z.enum(['parts', 'dispatch', 'notification']) }),
} as const;
export type ActionName = keyof typeof actions;
export type ActionBody<Name extends ActionName> = z.infer<(typeof actions)[Name]>;

/** One valid body of each action, for the API page. */
export const actionExamples: { [Name in ActionName]: ActionBody<Name> } = {
  escalate: { reason: 'The customer calls for the third time.', level: 2 },
  acknowledge: { reason: 'I take care of it.' },
  hold: { reason: 'The customer is away until Monday.', holdReason: 'customerRequestedDate' },
  resume: { reason: 'The customer is back.' },
  reassign: { reason: 'Knows the machine.', assignee: 'ST-02' },
  waive: { reason: 'The part was lost at the site; written off.', blocker: 'loan1' },
  reject: { reason: 'Not a product of ours.' },
  cancel: { reason: 'The customer withdraws the request.' },
  close: { reason: 'The customer confirmed by letter.' },
  note: { reason: 'For the file.', text: 'The site is reached by the north gate only.' },
  requestSupport: { reason: 'The pump is of an unknown make.' },
  extendLoan: { reason: 'The visit was moved.', loan: 'loan1', dueAt: '2030-01-31T10:00:00Z' },
  writeOffLoan: {
    reason: 'Lost at the site.',
    loan: 'loan1',
    lines: [{ partNumber: 'HP-SEAL-230', quantity: 1 }],
    chargeTo: 'company',
  },
  divert: { reason: 'Their system is down until tomorrow.', service: 'parts' },
};
