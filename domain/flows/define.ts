/** How a flow and its tasks are defined: what else knows of flows and tasks is derived from this. Free of zod when it runs. */
import type { z } from 'zod';
import type { Role } from '../case.ts';
import type { FieldError } from '../problems.ts';
import type { RoutingFacts } from '../routing.ts';

/** What something is called where people read it. */
export interface Title {
  en: string;
  zh: string;
}

/** What a task asks for. `Context` is what the open task carries: numbers and codes only. */
export interface AnswerContract<
  Shape extends z.ZodObject = z.ZodObject,
  Context extends object = object,
> {
  readonly shape: Shape;
  /** A valid answer, built from what the case knows; without a context, one that holds no absolute date. */
  example(context: Partial<Context>): z.infer<Shape>;
}

/** Contracts by the name of their task. */
export type AnswerContracts = Readonly<Record<string, AnswerContract>>;

/** Contract of one task: `defineAnswer(shape).example<Context>((context) => …)`. */
export const defineAnswer = <Shape extends z.ZodObject>(shape: Shape) => ({
  example: <Context extends object = object>(
    example: AnswerContract<Shape, Context>['example'],
  ): AnswerContract<Shape, Context> => ({ shape, example }),
});

/** The answer that a contract describes. */
export type AnswerOf<Contract> =
  Contract extends AnswerContract<infer Shape, infer _> ? z.infer<Shape> : never;
/** What an open task of this contract carries. */
export type ContextOf<Contract> =
  Contract extends AnswerContract<z.ZodObject, infer Context> ? Context : never;

/** A task as the engine knows it. Its checks give what is wrong with an answer beyond its shape, field by field. */
export interface Task<Answer = unknown, Context = unknown> {
  /** Roles admit, assignees inform. */
  readonly role: Role;
  readonly title: Title;
  /** False: answering is no contact with the customer, so the response clock runs on. Left out: it is one. */
  readonly isContact?: boolean;
  /** Asked at the door and again by the workflow, which sees the public part of an answer only. */
  check?(answer: Answer, context: Context): FieldError[];
  /** Asked at the door only, since it looks at what stays in the database. */
  doorCheck?(answer: Answer, context: Context): FieldError[];
}

/** Tasks by name. */
export type Tasks = Readonly<Record<string, Task>>;

/** One task for each contract, no more and no less. */
export type TasksFor<Contracts> = {
  readonly [Name in keyof Contracts]: Task<AnswerOf<Contracts[Name]>, ContextOf<Contracts[Name]>>;
};

/** The tasks of a folder: `defineTasks<typeof answers>({ … })`, with the contracts beside them. */
export const defineTasks = <Contracts extends AnswerContracts>(
  tasks: TasksFor<Contracts>,
): TasksFor<Contracts> => tasks;

/** A stage of a flow, and the tasks that may stand open in it. */
export interface Stage<TaskName extends PropertyKey = string, StageName = string> {
  readonly name: string;
  readonly title: Title;
  readonly tasks: readonly TaskName[];
  /** The stages that may follow it; left out: the next in the list. */
  readonly leadsTo?: readonly StageName[];
}

/** A workflow as people read it. One that isn't a `CaseFlow` is opened by a case only, since its life differs from the case's. */
export interface Flow {
  readonly name: string;
  readonly title: Title;
  /** The tasks that its stages choose from. */
  readonly tasks: Tasks;
  /** In the order of the documented process. */
  readonly stages: readonly Stage[];
  /** How it can end, beside `canceled`, `rejected` and `closedBySupervisor`. */
  readonly outcomes: readonly string[];
}

/** A flow that the door opens. */
export interface CaseFlow extends Flow {
  /** The class of request that it is for. */
  readonly class: string;
  /** Why a request that names no flow is for this one; null: it isn't. No two flows accept the same. */
  accepts(facts: RoutingFacts): string[] | null;
}

/** Stages that name tasks and stages of their own flow only. */
interface Sound<F extends Flow> {
  readonly stages: readonly Stage<keyof F['tasks'], F['stages'][number]['name']>[];
}

/** A flow of the door or of a case, its names kept as types. */
export const defineFlow = <const F extends Flow | CaseFlow>(flow: F & Sound<F>): F => flow;

/** Names of a flow's stages. */
export type StagesOf<F extends Flow> = F['stages'][number]['name'];
/** How a flow can end, beside `canceled`, `rejected` and `closedBySupervisor`. */
export type OutcomeOf<F extends Flow> = F['outcomes'][number];
