/** Every task that a flow may put before a person: its title, and the example that takes a case down the longest documented path. */
import type { Contexts } from './checks.ts';
import { type Answer, answers, type TaskName } from './contracts.ts';
import { type Title, taskRoles, taskTitles } from './flow.ts';
import { examples as defect } from './flows/defect-report/examples.ts';
import { examples as emergency } from './flows/emergency-response/examples.ts';
import { examples as outOfWarranty } from './flows/out-of-warranty-repair/examples.ts';
import { examples as inspection } from './flows/scheduled-inspection/examples.ts';
import { examples as shared } from './flows/shared/examples.ts';

/** Valid answers built from what the case knows; without a context, ones that hold no absolute date. */
export type Examples<Names extends TaskName> = {
  [Name in Names]: (context: Partial<Contexts[Name]>) => Answer<Name>;
};

const examples: Examples<TaskName> = {
  ...shared,
  ...emergency,
  ...outOfWarranty,
  ...defect,
  ...inspection,
};

/** A task as the door knows it. */
export interface TaskDefinition {
  name: TaskName;
  title: Title;
  role: (typeof taskRoles)[TaskName];
  answer: (typeof answers)[TaskName];
  example: (context: object) => Answer<TaskName>;
}

/** The definition of a task. */
export function definitionOf(name: TaskName): TaskDefinition {
  const example = examples[name] as TaskDefinition['example'];
  return { name, title: taskTitles[name], role: taskRoles[name], answer: answers[name], example };
}

/** The definition of a task, or undefined when there is none of that name. */
export function taskDefinition(name: string): TaskDefinition | undefined {
  return Object.hasOwn(examples, name) ? definitionOf(name as TaskName) : undefined;
}
