/** A wait for a person is a task: opened, answered once by its role, its answer handed to the flow. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { Actor, OpenTask, TaskContext, TaskEnvelope } from '../../domain/case.ts';
import type { Answer, TaskName } from '../../domain/flows/tasks.ts';
import { type Contexts, engineProblems, taskOf } from '../../domain/flows/tasks.ts';
import { hearAct, refuse } from './hear.ts';
import { type Place, step, until, untilMoment } from './journal.ts';
import { isoNow, now, type Run, report } from './run.ts';

/** An answer with who gave it and when (ISO 8601). A private document holds its personal parts, under this id; null: there were none. */
export type Answered<Name extends TaskName> = Answer<Name> & {
  document: string | null;
  answeredBy: Actor;
  answeredAt: string;
};

export interface AskOptions {
  /** Staff number of whom it is meant for; roles admit, assignees inform. */
  assignee?: string | null;
  /** Instant from which it is meant to be done: moves its due time, never delays the task. */
  notBefore?: string | undefined;
  /** Said once each at their moment (ISO 8601), in this order, while the task stays open. */
  reminders?: { at: string; say: () => void }[];
}
/** Ways in which a task may end without an answer: it is withdrawn then, and the answer is null. */
export interface Unless {
  /** Given up when this holds. */
  unless?: () => boolean;
  /** From this instant on an answer is refused (ISO 8601). */
  expiresAt?: string;
}

/** Installs the update of each task under its own name. */
export function hearAnswers(run: Run, names: readonly TaskName[]): void {
  for (const name of new Set(names))
    hearAct<TaskEnvelope<unknown>>(run, name, {
      check: (act) => checkAnswer(run, name, act),
      stillHolds: ({ taskId }) => void openTaskOf(run, name, taskId),
      apply: (act) => takeAnswer(run, name, act),
    });
}

/** Opens the task and waits for its answer; null when it ended without one. `context` is what the example and the bounds of the answer
 *  are built from. */
export const ask = <Name extends TaskName>(
  run: Run,
  name: Name,
  context: Contexts[Name],
  options: AskOptions & Unless,
): Promise<Answered<Name> | null> =>
  step(run, name, (place) => waitForAnswer<Name>(run, { name, context, options, ...place }));

/** As `ask`, within another step and under a number of its own: a run that finds that step done does not come past this one. */
export async function askWithin<Name extends TaskName>(
  run: Run,
  name: Name,
  number: number,
  context: Contexts[Name],
): Promise<Answered<Name>> {
  const { journal } = run.state;
  const key = `${name}-${number}`;
  journal[key] ??= { done: false, since: isoNow() };
  run.ahead.delete(key);
  const answer = await waitForAnswer<Name>(run, {
    ...{ name, context, options: {}, key, entry: journal[key] },
  });
  delete journal[key];
  if (!answer) throw ApplicationFailure.nonRetryable(`${key} was withdrawn`, 'invalidInput');
  return answer;
}

interface Asking extends Pick<Place, 'key' | 'entry'> {
  name: TaskName;
  context: object;
  options: AskOptions & Unless;
}

async function waitForAnswer<Name extends TaskName>(
  run: Run,
  asking: Asking,
): Promise<Answered<Name> | null> {
  const { entry, options } = asking;
  const { reminders = [], unless = () => false } = options;
  // answered before this run's walk came to it
  if (entry.value !== undefined) return entry.value as Answered<Name>;
  const task = openTask(run, asking);
  const isSettled = () => entry.value !== undefined || unless();
  for (const { at, say } of reminders.slice(entry.reminded ?? 0)) {
    if (await untilMoment(run, isSettled, Date.parse(at), `${task.id}: reminder`)) break;
    entry.reminded = (entry.reminded ?? 0) + 1;
    say();
  }
  // a run that continues keeps the moment that the task was opened with
  if (task.expiresAt === undefined) await until(run, isSettled);
  else await untilMoment(run, isSettled, Date.parse(task.expiresAt), `${task.id}: expires`);
  if (entry.value === undefined) return withdraw(run, task.id);
  return entry.value as Answered<Name>;
}

function withdraw(run: Run, id: string): null {
  run.state.openTasks = run.state.openTasks.filter((task) => task.id !== id);
  report(run, { kind: 'taskWithdrawn', subject: id });
  return null;
}

function openTask(run: Run, { name, key, context, options }: Asking): OpenTask {
  const { state, identity } = run;
  const id = `${identity.prefix}${key}`;
  const open = state.openTasks.find((task) => task.id === id);
  if (open) return open;
  const { taskDueMs } = identity.plan;
  const dueMs = taskDueMs[name] ?? taskDueMs.default;
  const from = Math.max(now(), options.notBefore ? Date.parse(options.notBefore) : 0);
  const task: OpenTask = {
    id,
    name,
    role: taskOf(name).role,
    assignee: options.assignee ?? null,
    openedAt: isoNow(),
    dueAt: dueMs === undefined ? null : new Date(from + dueMs).toISOString(),
    stage: state.stage,
    context: context as TaskContext,
    ...(options.expiresAt ? { expiresAt: options.expiresAt } : {}),
  };
  state.openTasks.push(task);
  const { role, assignee, dueAt } = task;
  report(run, { kind: 'taskOpened', subject: id, detail: { role, assignee, dueAt } });
  return task;
}

function checkAnswer(run: Run, name: TaskName, act: TaskEnvelope<unknown>): void {
  const { actor, answer, taskId } = act;
  const task = openTaskOf(run, name, taskId);
  if (task.expiresAt && now() >= Date.parse(task.expiresAt))
    refuse(run, 'taskNotOpen', `${taskId} expired at ${task.expiresAt}`);
  if (actor.role !== task.role) refuse(run, 'forbidden', `${taskId} is answered by ${task.role}`);
  const [problem] = engineProblems(name, answer, { ...task.context, now: isoNow() });
  if (problem) refuse(run, 'invalidAnswer', `${problem.pointer}: ${problem.detail}`);
}

function openTaskOf(run: Run, name: TaskName, taskId: string): OpenTask {
  const task = run.state.openTasks.find((open) => open.id === taskId && open.name === name);
  if (!task) refuse(run, 'taskNotOpen', `${taskId} is not open`);
  return task;
}

function takeAnswer(run: Run, name: TaskName, act: TaskEnvelope<unknown>): number {
  const { state, identity } = run;
  const { actor, taskId, actId: updateId, reason = null, occurredAt, answer } = act;
  identity.onAnswer(act, taskOf(name).isContact);
  const entry = state.journal[taskId.slice(identity.prefix.length)];
  if (entry) entry.value = { ...(answer as object), answeredBy: actor, answeredAt: isoNow() };
  state.openTasks = state.openTasks.filter(({ id }) => id !== taskId);
  const detail = { answer, occurredAt };
  return report(run, { kind: 'taskAnswered', actor, reason, subject: taskId, updateId, detail });
}
