/** Something that an answer should not be or lack, in the words of Ajv. */
export interface Problem {
  instancePath: string;
  message: string;
  params: { additionalProperty?: string; allowedValues?: unknown[] };
}

/** After it said false, `errors` has what it found first. */
export interface Validator {
  (answer: unknown): boolean;
  errors?: Problem[];
}

/** By name of a task or action. Empty here: the bundle holds generated code in place of this file (`worker/validators.ts`). */
export const validators: Record<string, Validator> = {};
