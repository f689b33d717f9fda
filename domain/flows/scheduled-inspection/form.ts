/** What the inspection forms have in common. */
import { z } from 'zod';
import { code, faultCode, personal, serialNumber } from '../../values.ts';

/** What an inspector may find. A fault and a suspected defect name their code. */
export const findingKinds = [
  'fault',
  'defectSuspected',
  'possibleProblem',
  'customerProblem',
  'upgradeNeeded',
  'replacementNeeded',
] as const;
const finding = z.strictObject({
  serialNumber,
  kind: z.enum(findingKinds),
  faultCode: faultCode.optional(),
});
export type Finding = z.infer<typeof finding>;

/** Why fault-prone equipment fails. */
export const cause = z.strictObject({ serialNumber, faultCode, causeCode: code });
export type Cause = z.infer<typeof cause>;

export const condition = z.enum(['good', 'worn', 'faulty']);

/** The company's inspection form: an entry for each asset, what was found, what the inspector proposes (5.3). */
export const form = <Entry extends z.ZodRawShape>(entry: Entry) => ({
  entries: z
    .array(z.strictObject({ serialNumber, ...entry }))
    .min(1)
    .max(200),
  findings: z.array(finding).max(100),
  observations: personal(4000),
  improvements: personal(2000).optional(),
});
