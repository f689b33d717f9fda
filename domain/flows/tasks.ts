/** Every task of every flow, by name: derived from the lists of flows. Free of zod, so that the workflows may ask. */
import type { FieldError } from '../problems.ts';
import * as children from './children.ts';
import type * as contracts from './contracts.ts';
import type { AnswerOf, ContextOf, Flow, Task } from './define.ts';
import * as flows from './index.ts';
import type { answers as kernelAnswers } from './kernel/contracts.ts';
import { tasks as kernel } from './kernel/tasks.ts';

type OneOf<List> = List[keyof List];
/** All members of a union in one. */
type Merged<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** Names of the flows that the door opens. */
export type FlowName = keyof typeof flows;
/** A task that the kernel may put before a person in any flow and at any stage. */
export type KernelTask = keyof typeof kernel;
export type TaskName =
  | keyof Merged<OneOf<typeof flows>['tasks'] | OneOf<typeof children>['tasks']>
  | KernelTask;

/** What the tasks ask for. */
export type TaskContracts = Merged<OneOf<typeof contracts>['answers'] | typeof kernelAnswers>;
/** What a person answers. */
export type Answer<Name extends TaskName> = AnswerOf<TaskContracts[Name]>;
/** What each open task carries, so that its example can be built and its answer judged. Numbers and codes only. */
export type Contexts = { [Name in TaskName]: ContextOf<TaskContracts[Name]> };

/** Names of the kernel's own tasks. */
export const kernelTasks = Object.keys(kernel) as KernelTask[];

const everyFlow: Flow[] = [...Object.values(flows), ...Object.values(children)];
const everyTask = Object.fromEntries(
  [kernel, ...everyFlow.map(({ tasks }) => tasks)].flatMap(Object.entries<Task>),
) as Record<TaskName, Task>;

/** Names of all tasks. */
export const taskNames = Object.keys(everyTask) as TaskName[];

/** True for the name of a task. */
export const isTask = (name: string): name is TaskName => Object.hasOwn(everyTask, name);

/** Who answers a task, what it is called, and its checks. */
export const taskOf = (name: TaskName): Task & { isContact: boolean } => ({
  isContact: true,
  ...everyTask[name],
});

/** What is wrong with the public part of an answer, as the workflow sees it; nothing for a task that nobody knows. */
export function engineProblems(name: string, answer: unknown, context: unknown): FieldError[] {
  return (isTask(name) ? everyTask[name].check?.(answer, context) : undefined) ?? [];
}

/** What is wrong with a whole answer, as the door sees it. */
export function problems(name: string, answer: unknown, context: unknown): FieldError[] {
  const atTheDoor = isTask(name) ? everyTask[name].doorCheck?.(answer, context) : undefined;
  return [...engineProblems(name, answer, context), ...(atTheDoor ?? [])];
}
