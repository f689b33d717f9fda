/** What the kernel itself may ask, in any flow and at any stage. */
import { z } from 'zod';
import { reason } from '../../values.ts';
import { defineAnswer } from '../define.ts';

/** Answers by task name. */
export const answers = {
  resolveFailure: defineAnswer(
    z.strictObject({ decision: z.literal('tryAgain'), reason }),
  ).example<{ effect: string; failure: string }>(() => ({
    decision: 'tryAgain',
    reason: 'The master data is corrected.',
  })),
};
