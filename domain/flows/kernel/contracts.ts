/** What the kernel itself may ask, in any flow and at any stage. */
import { z } from 'zod';
import { reason } from '../../values.ts';
import { defineAnswer } from '../define.ts';

/** Tried again as it was; the answer that led to it asked for anew; or gone on without it, by name. */
const decisions = ['tryAgain', 'correctAnswer', 'goOnWithout'] as const;
export type Decision = (typeof decisions)[number];

/** Answers by task name. */
export const answers = {
  resolveFailure: defineAnswer(z.strictObject({ decision: z.enum(decisions), reason })).example<{
    effect: string;
    failure: string;
    decisions: Decision[];
  }>(() => ({
    decision: 'tryAgain',
    reason: 'The master data is corrected.',
  })),
};
