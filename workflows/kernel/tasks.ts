/** A wait for a person is a task: opened, answered once by its role, its answer handed to the flow. */
import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import type { Actor, OpenTask, TaskContext, TaskEnvelope } from '../../domain/case.ts';
import type { Contexts, TaskName } from '../../domain/flows/tasks.ts';
import { engineProblems, taskOf } from '../../domain/flows/tasks.ts';
import type { Accepted, Public } from '../messages.ts';
import { applyOnce, checkEnvelope, isRepeated, refuse } from './guard.ts';
import {
  inside,
  isoNow,
  now,
  publish,
  recall,
  recallInside,
  until,
  untilMoment,
  type WorkFile,
} from './work-file.ts';

/** An answer with who gave it and when (ISO 8601). */
export type Answered<Name extends TaskName> = Public<Name> & {
  answeredBy: Actor;
  answeredAt: string;
};
type TaskUpdate<Name extends TaskName> = UpdateDefinition<
  Accepted,
  [TaskEnvelope<Public<Name>>],
  Name
>;

export interface TaskOptions {
  /** Staff number of whom it is meant for; roles admit, assignees inform. */
  assignee?: string | null;
  /** Instant from which it is meant to be done: moves its due time, never delays the task. */
  notBefore?: string | undefined;
  /** Said once each at their moment (ISO 8601), in this order, while the task stays open. */
  reminders?: { at: string; say: () => void }[];
  /** From this instant on an answer is refused and the task withdrawn (ISO 8601). */
  expiresAt?: string | undefined;
  /** Journal key of the step that it is asked within; left out: a step of the flow. */
  within?: string;
}

export interface HumanTask<Name extends TaskName> {
  /** Opens the task and waits for its answer. `context` is what the example and the bounds of the answer are built from. */
  completed(context: Contexts[Name], options?: TaskOptions): Promise<Answered<Name>>;
  /** As `completed`, but gives up, withdraws the task and returns null when `givenUp` holds first. */
  completedUnless(
    givenUp: () => boolean,
    context: Contexts[Name],
    options?: TaskOptions,
  ): Promise<Answered<Name> | null>;
  /** As `completed`, but withdraws the task and returns null when the instant (ISO 8601) comes first. */
  completedBy(
    dueAt: string,
    context: Contexts[Name],
    options?: TaskOptions,
  ): Promise<Answered<Name> | null>;
}

/** Called before the first `await` of a flow: installs the task's update under its own name. `isContact` false: its answer is no
 *  contact with the customer, the response clock runs on. */
export function humanTask<Name extends TaskName>(
  update: TaskUpdate<Name>,
  file: WorkFile,
  { isContact } = { isContact: true },
): HumanTask<Name> {
  const name = update.name as TaskName;
  setHandler(
    update as unknown as UpdateDefinition<Accepted, [TaskEnvelope<unknown>]>,
    (envelope) =>
      applyOnce(file, envelope, () => {
        // asked again: of two answers that arrive in one step, both were let in before either was taken
        checkAnswer(file, name, envelope);
        return takeAnswer(file, envelope, isContact);
      }),
    {
      validator: (envelope) => checkAnswer(file, name, envelope),
    },
  );
  const completedUnless: HumanTask<Name>['completedUnless'] = (givenUp, context, options = {}) =>
    asking(file, options.within, name, async (numbered) => {
      const id = `${file.identity.prefix}${name}-${numbered}`;
      const answer = () => file.state.journal[`${name}-${numbered}`] as Answered<Name> | undefined;
      // a run that continues keeps the moment that the task was opened with
      const { expiresAt } = openTask(file, name, id, context, options);
      const isSettled = () => answer() !== undefined || givenUp();
      // called without a step between: one more would reorder what recorded histories did at once
      await (options.reminders || expiresAt
        ? untilSettled(file, id, { ...options, expiresAt }, isSettled)
        : until(file, isSettled));
      return answer() ?? withdraw(file, id);
    });
  const never = () => false;
  return {
    completedUnless,
    completed: (context, options) =>
      completedUnless(never, context, options) as Promise<Answered<Name>>,
    completedBy: (expiresAt, context, options) =>
      completedUnless(never, context, { ...options, expiresAt }),
  };
}

const asking = <T>(
  file: WorkFile,
  within: string | undefined,
  name: string,
  ask: (numbered: number) => Promise<T>,
): Promise<T> => (within ? recallInside(file, within, name, ask) : recall(file, name, ask));

/** Waits for the answer, reminds at each moment, and gives up at the last. */
async function untilSettled(
  file: WorkFile,
  id: string,
  { reminders = [], expiresAt }: TaskOptions,
  isSettled: () => boolean,
): Promise<void> {
  for (const { at, say } of reminders)
    if (!(await untilMoment(file, isSettled, Date.parse(at), `${id}: reminder`)))
      inside(file, id, say);
  if (expiresAt === undefined) return until(file, isSettled);
  await untilMoment(file, isSettled, Date.parse(expiresAt), `${id}: expires`);
}

function withdraw(file: WorkFile, id: string): null {
  file.state.openTasks = file.state.openTasks.filter((task) => task.id !== id);
  publish(file, { kind: 'taskWithdrawn', subject: id });
  return null;
}

function openTask(
  file: WorkFile,
  name: TaskName,
  id: string,
  context: object,
  options: TaskOptions,
): OpenTask {
  const open = file.state.openTasks.find((task) => task.id === id);
  if (open) return open;
  const dueMs = file.identity.taskDueMs(name);
  const from = Math.max(now(), options.notBefore ? Date.parse(options.notBefore) : 0);
  const task: OpenTask = {
    id,
    name,
    role: taskOf(name).role,
    assignee: options.assignee ?? null,
    openedAt: isoNow(),
    dueAt: dueMs === undefined ? null : new Date(from + dueMs).toISOString(),
    stage: file.state.stage,
    context: context as TaskContext,
    ...(options.expiresAt ? { expiresAt: options.expiresAt } : {}),
  };
  file.state.openTasks.push(task);
  publish(file, {
    kind: 'taskOpened',
    subject: id,
    detail: { role: task.role, assignee: task.assignee, dueAt: task.dueAt },
  });
  return task;
}

function checkAnswer(file: WorkFile, name: TaskName, envelope: unknown): void {
  if (isRepeated(file, envelope)) return;
  const { actor, answer, taskId } = checkEnvelope(file, name, envelope) as TaskEnvelope<unknown>;
  const task = file.state.openTasks.find((open) => open.id === taskId && open.name === name);
  if (!task) refuse(file, 'taskNotOpen', `${taskId} is not open`);
  if (task.expiresAt && now() >= Date.parse(task.expiresAt))
    refuse(file, 'taskNotOpen', `${taskId} expired at ${task.expiresAt}`);
  if (actor.role !== task.role) refuse(file, 'forbidden', `${taskId} is answered by ${task.role}`);
  const [problem] = engineProblems(name, answer, { ...task.context, now: isoNow() });
  if (problem) refuse(file, 'invalidAnswer', `${problem.pointer}: ${problem.detail}`);
}

function takeAnswer(file: WorkFile, envelope: TaskEnvelope<unknown>, isContact: boolean): number {
  const { state, identity } = file;
  identity.onAnswer(envelope, isContact);
  state.journal[envelope.taskId.slice(identity.prefix.length)] = {
    ...(envelope.answer as object),
    answeredBy: envelope.actor,
    answeredAt: isoNow(),
  };
  state.openTasks = state.openTasks.filter((task) => task.id !== envelope.taskId);
  return publish(file, {
    kind: 'taskAnswered',
    actor: envelope.actor,
    reason: envelope.reason ?? null,
    subject: envelope.taskId,
    updateId: envelope.actId,
    detail: { answer: envelope.answer, occurredAt: envelope.occurredAt },
  });
}
