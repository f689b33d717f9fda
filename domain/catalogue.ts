/** The flows that the door opens, and every task, with their schemas and examples (`GET /v1/flows`). */
import { z } from 'zod';
import * as contracts from './flows/contracts.ts';
import type { AnswerContract, CaseFlow, Flow, Task } from './flows/define.ts';
import * as flowsByName from './flows/index.ts';
import { answers as kernelAnswers } from './flows/kernel/contracts.ts';
import {
  type FlowName,
  isTask,
  kernelTasks,
  type TaskContracts,
  type TaskName,
  taskNames,
  taskOf,
} from './flows/tasks.ts';
import type { OpenRequest } from './plan.ts';

export type JsonSchema = Record<string, unknown>;

/** What the door asks for in a flow. */
export interface FlowContracts {
  /** What opens it. */
  opening: z.ZodObject;
  /** Requests that open it; the first leads down the longest documented path. */
  examples: OpenRequest[];
  /** What its tasks ask for. */
  answers: Readonly<Record<string, AnswerContract>>;
}

/** A flow as the door knows it. */
export interface FlowDefinition extends CaseFlow {
  input: z.ZodObject;
  examples: OpenRequest[];
}

/** Each under its own name. */
const listed: { [Name in FlowName]: CaseFlow & { name: Name } } = flowsByName;
const flowContracts: Record<FlowName, FlowContracts> = contracts;

export const flows: FlowDefinition[] = Object.values(listed).map((flow) => {
  const { opening, examples } = flowContracts[flow.name];
  return { ...flow, input: opening, examples };
});

export function flowDefinition(name: string): FlowDefinition | undefined {
  return flows.find((flow) => flow.name === name);
}

const answerContracts: TaskContracts = Object.assign(
  {},
  kernelAnswers,
  ...Object.values(flowContracts).map(({ answers }) => answers),
);

/** A task as the door knows it. */
export interface TaskDefinition extends Pick<Task, 'role' | 'title'> {
  name: TaskName;
  answer: z.ZodObject;
  /** A valid answer, built from what the case knows. */
  example(context: object): Record<string, unknown>;
}

/** The definition of a task. */
export function definitionOf(name: TaskName): TaskDefinition {
  const { role, title } = taskOf(name);
  const { shape, example }: AnswerContract = answerContracts[name];
  return { name, role, title, answer: shape, example };
}

/** The definition of a task, or undefined when there is none of that name. */
export const taskDefinition = (name: string): TaskDefinition | undefined =>
  isTask(name) ? definitionOf(name) : undefined;

/** Shapes of all answers, by task name. */
export const answers = Object.fromEntries(
  taskNames.map((name) => [name, definitionOf(name).answer]),
) as Record<TaskName, z.ZodObject>;

/** The tasks of a flow with the stage each stands in, in order; null: at any stage. */
export function tasksOf(flow: Flow): (TaskDefinition & { stage: string | null })[] {
  const staged = flow.stages.flatMap((stage) =>
    stage.tasks.filter(isTask).map((name) => ({ name, stage: stage.name })),
  );
  const anywhere = kernelTasks.map((name) => ({ name, stage: null }));
  return [...staged, ...anywhere].map(({ name, stage }) => ({ ...definitionOf(name), stage }));
}

/** JSON Schema of what opens this flow, its first example leading down the longest documented path. Examples open a case beside
 *  others of their kind: so they can be sent again, and by several at once. */
export function inputSchema({ input, examples }: FlowDefinition): JsonSchema {
  const beside =
    'allowDuplicate' in input.shape ? { allowDuplicate: { reason: 'An example.' } } : {};
  return {
    ...z.toJSONSchema(input, { io: 'input' }),
    examples: examples.map((example) => ({ ...example, ...beside })),
  };
}

/** JSON Schema of a task's answer; with the context of an open task its example fits that case at this moment. */
export function answerSchema(task: TaskDefinition, context: object = {}): JsonSchema {
  return { ...z.toJSONSchema(task.answer, { io: 'input' }), examples: [task.example(context)] };
}
