/** What is asked while the fault is judged by phone. */
import { z } from 'zod';
import type { PartLine } from '../../../loan.ts';
import { faultCode, partLines, personal, usedLines } from '../../../values.ts';
import { defineAnswer } from '../../define.ts';
import { kit } from '../example-parts.ts';

/** Answers by task name. */
export const answers = {
  reportPhoneTriage: defineAnswer(
    z.strictObject({
      likelyFaultCode: faultCode,
      fixedByPhone: z.boolean(),
      /** Decision A of FLOW-IW. */
      customerHasPart: z.boolean(),
      /** Decision B: only for a customer who has the part. */
      guideByPhone: z.boolean(),
      expectedParts: partLines,
      findings: personal(2000),
    }),
  ).example<{ faultCode: string; expectedParts: PartLine[] }>(
    ({ faultCode = 'HYD-PUMP-LOSS', expectedParts = kit }) => ({
      likelyFaultCode: faultCode,
      fixedByPhone: false,
      customerHasPart: expectedParts.length > 0,
      guideByPhone: expectedParts.length > 0,
      expectedParts,
      findings: 'Pressure drops when the boom is raised; the operator heard the pump.',
    }),
  ),
  reportGuidedReplacement: defineAnswer(
    z.strictObject({
      fixed: z.boolean(),
      usedParts: usedLines,
      /** What the visit needs beyond the customer's own part, when the guidance failed. */
      expectedParts: partLines,
      findings: personal(2000),
    }),
  ).example<{ expectedParts: PartLine[] }>(({ expectedParts = kit }) => ({
    fixed: false,
    usedParts: [],
    expectedParts,
    findings: 'The customer could not free the coupling; the pump on hand is the wrong one.',
  })),
};
