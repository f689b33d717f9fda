/** What an answer must fulfil beyond its shape, given what the case knows. Pure, and free of zod: the workflow asks the same again. */

import type { Answer, TaskName } from './contracts.ts';
import * as defect from './flows/defect-report/checks.ts';
import * as emergency from './flows/emergency-response/checks.ts';
import * as outOfWarranty from './flows/out-of-warranty-repair/checks.ts';
import * as inspection from './flows/scheduled-inspection/checks.ts';
import * as shared from './flows/shared/checks.ts';
import type { Problem } from './loan.ts';

export type { UsedLine } from './flows/shared/checks.ts';

type OwnContexts = shared.Contexts &
  emergency.Contexts &
  outOfWarranty.Contexts &
  defect.Contexts &
  inspection.Contexts;
/** What each task carries so that its example can be built and its answer judged. Numbers and codes only. */
export type Contexts = {
  [Name in TaskName]: Name extends keyof OwnContexts ? OwnContexts[Name] : object;
};

/** Checks of some tasks: each gives what is wrong, field by field. */
export type Checks = {
  [Name in TaskName]?: (answer: Answer<Name>, context: Contexts[Name]) => Problem[];
};

/** Asked at the door and again by the workflow. */
const engineChecks: Checks = {
  ...shared.engineChecks,
  ...emergency.engineChecks,
  ...outOfWarranty.engineChecks,
  ...defect.engineChecks,
  ...inspection.engineChecks,
};

/** Asked at the door only, since they look at what stays in the database. */
const doorChecks: Checks = {
  ...shared.doorChecks,
  ...emergency.doorChecks,
  ...outOfWarranty.doorChecks,
  ...inspection.doorChecks,
};

const run = (checks: Checks, name: string, answer: unknown, context: unknown): Problem[] => {
  const check = checks[name as TaskName] as
    | ((answer: unknown, context: unknown) => Problem[])
    | undefined;
  return check?.(answer, context) ?? [];
};

/** What is wrong with the public part of an answer, as the workflow sees it. */
export function engineProblems(name: string, answer: unknown, context: unknown): Problem[] {
  return run(engineChecks, name, answer, context);
}

/** What is wrong with a whole answer, as the door sees it. */
export function problems(name: string, answer: unknown, context: unknown): Problem[] {
  return [...run(engineChecks, name, answer, context), ...run(doorChecks, name, answer, context)];
}
