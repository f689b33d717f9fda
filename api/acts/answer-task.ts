/** An answer to an open task, from the wire to the workflow that waits for it. */
import { hashOf } from '../../db/hash.ts';
import type { Actor } from '../../domain/case.ts';
import {
  flowDefinition,
  type TaskDefinition,
  taskDefinition,
  tasksOf,
} from '../../domain/catalogue.ts';
import { referencesIn, splitPersonal } from '../../domain/fields.ts';
import { problems } from '../../domain/flows/tasks.ts';
import {
  type CaseRow,
  type TaskLookup,
  unknownFields,
  type WorklistTask,
} from '../../services/cases/index.ts';
import type { AppDeps } from '../deps.ts';
import { parse } from '../fields.ts';
import { actorIn, type Person } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { actIdOf, claimKey, deliverAct, scopeOf } from './deliver.ts';
import { notNow } from './refusal.ts';

export interface TaskCall {
  person: Person;
  row: CaseRow;
  taskId: string;
  key: string | undefined;
  body: unknown;
}

/** Fails with a problem, in this order: 404 no such task, 403 wrong role, 422 wrong answer, 409 not open. */
export async function answerTask(deps: AppDeps, call: TaskCall): Promise<void> {
  const { person, row, taskId } = call;
  const { definition, child } = knownTask(row, taskId);
  const actor = actorIn(person, [definition.role]);
  if (!actor)
    throw new Problem('forbidden', { detail: `${definition.name} is the ${definition.role}'s` });
  const answer: Record<string, unknown> = parse(definition.answer, call.body);
  await checkNow(deps, call, { definition, answer, actor });
  const { caseNumber } = row.view;
  await deliverAct(deps, {
    person,
    actor,
    caseNumber,
    workflowId: child ? `${caseNumber}/${child}` : caseNumber,
    name: definition.name,
    subject: taskId,
    actId: actIdOf(caseNumber, taskId, actor.id, call.key ?? hashOf(answer)),
    body: splitPersonal(definition.answer, answer),
    envelope: { taskId },
  });
}

/** How a task id looks: a child's name and number if it is one's, the name, the occurrence. */
export const taskIdForm = /^(?:([A-Za-z]{1,60}\d{1,3})-)?([A-Za-z]{1,60})-\d{1,6}$/;

/** The task that an id names, if the case's flow has it at all. */
function knownTask(row: CaseRow, taskId: string): { definition: TaskDefinition; child?: string } {
  const [, child, name = ''] = taskIdForm.exec(taskId) ?? [];
  const flow = flowDefinition(row.flow);
  const definition = taskDefinition(name);
  if (!definition || !flow || !tasksOf(flow).some((task) => task.name === name))
    throw notFound('task');
  return { definition, ...(child ? { child } : {}) };
}

interface Checked {
  definition: TaskDefinition;
  answer: Record<string, unknown>;
  actor: Actor;
}

/** An open task's answer is checked against the case. Whether one that looks closed is a repetition, only the workflow knows. */
async function checkNow(deps: AppDeps, call: TaskCall, checked: Checked): Promise<void> {
  const { row, taskId, key, person } = call;
  const { caseNumber } = row.view;
  const task = row.openTasks.find(({ id }) => id === taskId);
  const found = task ? openAs(task) : await deps.stores.tasks.get(caseNumber, taskId);
  if (found.kind === 'unknown') throw notNow('taskNotOpen', row, person, `${taskId} is not open`);
  if (found.kind === 'open') await checkAnswer(deps, found.task, checked);
  if (key === undefined) return;
  const { answer: body, actor } = checked;
  await claimKey(deps, { scope: scopeOf(caseNumber, taskId, actor), key, body, actor });
}

const openAs = (task: WorklistTask): TaskLookup => ({ kind: 'open', task });

async function checkAnswer(deps: AppDeps, task: WorklistTask, { definition, answer }: Checked) {
  const wrong = problems(definition.name, answer, { ...task.context, now: deps.now() });
  if (wrong.length > 0) throw invalid(wrong);
  const references = referencesIn(definition.answer, answer);
  const unknown = await unknownFields(deps.stores.directory, references);
  if (unknown.length > 0) throw invalid(unknown);
}
