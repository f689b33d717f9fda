import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Engine } from '../../../api/engine.ts';
import { type ActionBody, type ActionName, actions } from '../../../domain/action-contracts.ts';
import type { CaseView, Role } from '../../../domain/case.ts';
import { answers, definitionOf } from '../../../domain/catalogue.ts';
import { splitPersonal } from '../../../domain/fields.ts';
import type { TaskName } from '../../../domain/flows/tasks.ts';
import type { CaseRow, RecordedEvent, WorklistTask } from '../../../services/cases/index.ts';
import type { Stores } from '../../../services/stores.ts';
import type { World } from '../world.ts';

/** A body as tests look into it. */
export type Body = Record<string, unknown>;

/** The first member of staff of each role. */
export const staffOf: Record<Role, string> = {
  hotline: 'ST-01',
  engineer: 'ST-02',
  support: 'ST-03',
  partsKeeper: 'ST-04',
  supervisor: 'ST-05',
  manager: 'ST-06',
  quality: 'ST-07',
  auditor: 'ST-08',
  admin: 'ST-09',
};

export interface Answering {
  /** Who answers; the task's own role when undefined. */
  role?: Role;
  actId?: string;
}

/** A case under test: what it asks is answered by examples, with changes. */
export interface Case {
  caseNumber: string;
  handle: WorkflowHandle;
  row(): Promise<CaseRow>;
  view(): Promise<CaseView>;
  /** The row once `fact` holds of it; fails after 20 s, saying where the case stands. */
  once(fact: (row: CaseRow) => boolean): Promise<CaseRow>;
  /** The open task of that name or id, once it is there. */
  task(name: string): Promise<WorklistTask>;
  /** Answers the task by its example with `changes`, once it is open; gives the revision that holds it. */
  answer(name: string, changes?: Body, how?: Answering): Promise<number>;
  /** Answers several by their examples, one after another. */
  answers(...names: string[]): Promise<void>;
  /** Answers whatever is open by examples, until the task of that name or id is open, or the case has ended. */
  walkTo(name: string, changes?: Record<string, Body>): Promise<CaseRow>;
  /** Takes an action, as a supervisor unless `how` names another role; gives the revision that holds it. */
  act<Name extends ActionName>(
    name: Name,
    answer: ActionBody<Name>,
    how?: Answering & { loan?: string },
  ): Promise<number>;
  /** Sends an envelope of the test's own making. */
  deliver(name: string, envelope: Body, loan?: string): Promise<number>;
  timeline(): Promise<RecordedEvent[]>;
  /** What became of it, once its workflow has ended. */
  ended(): Promise<CaseView>;
}

interface Deps {
  world: World;
  stores: Stores;
  door: Engine;
  caseNumber: string;
}

const patienceMs = 20_000;
const hasEnded = ({ view }: CaseRow) => ['closed', 'canceled', 'rejected'].includes(view.status);

export function createCase(deps: Deps): Case {
  const { world, stores, door, caseNumber } = deps;
  const handle = world.client.workflow.getHandle(caseNumber);
  const row = async () => {
    const found = await stores.cases.get(caseNumber);
    if (!found) throw new Error(`no ${caseNumber}`);
    return found;
  };
  const once: Case['once'] = async (fact) => {
    const end = Date.now() + patienceMs;
    for (;;) {
      const found = await row();
      if (fact(found)) return found;
      if (Date.now() > end) throw new Error(`${caseNumber} still ${standing(found)}`);
      await delay(25);
    }
  };
  const isCalled = (name: string) => (task: WorklistTask) => task.name === name || task.id === name;
  const task: Case['task'] = async (name) => {
    const { openTasks } = await once((found) => found.openTasks.some(isCalled(name)));
    const [found] = openTasks.filter(isCalled(name));
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const deliver = async (workflowId: string, name: string, actId: string, envelope: object) => {
    const { revision } = await door.deliver({ workflowId, name, actId, envelope });
    const [told] = await world.sql`select from case_workflows
      where workflow_id = ${workflowId} and revision >= ${revision}`;
    if (!told) throw new Error(`${workflowId} answered before revision ${revision} could be read`);
    return revision;
  };
  const give = async (open: WorklistTask, changes: Body, how: Answering): Promise<number> => {
    const { actId = randomUUID(), role = open.role } = how;
    const definition = definitionOf(open.name as TaskName);
    const example = definition.example(open.context) as Body;
    const answer = JSON.parse(JSON.stringify({ ...example, ...ownSlot(open.name), ...changes }));
    const { publicPart, personalPart } = splitPersonal(answers[open.name as TaskName], answer);
    const documentId = personalPart && `doc-${actId}`;
    if (personalPart && documentId)
      await stores.records.keepAnswer({
        documentId,
        caseNumber,
        taskId: open.id,
        body: personalPart,
      });
    return deliver(open.workflowId, open.name, actId, {
      actor: { id: staffOf[role], role },
      occurredAt: new Date().toISOString(),
      actId,
      taskId: open.id,
      answer: { ...publicPart, document: documentId },
    });
  };
  const answer: Case['answer'] = async (name, changes = {}, how = {}) =>
    give(await task(name), changes, how);
  return {
    caseNumber,
    handle,
    row,
    view: async () => (await row()).view,
    once,
    task,
    answer,
    async answers(...names) {
      for (const name of names) await answer(name);
    },
    async walkTo(name, changes = {}) {
      for (;;) {
        const found = await once((now) => hasEnded(now) || now.openTasks.length > 0);
        if (hasEnded(found) || found.openTasks.some(isCalled(name))) return found;
        for (const open of found.openTasks)
          await give(open, changes[open.id] ?? changes[open.name] ?? {}, {});
      }
    },
    async act(name, body, { role = 'supervisor', actId = randomUUID(), loan } = {}) {
      const workflowId = loan ? `${caseNumber}/${loan}` : caseNumber;
      return deliver(workflowId, name, actId, actionOf(name, role, body, actId));
    },
    deliver: (name, envelope, loan) =>
      deliver(loan ? `${caseNumber}/${loan}` : caseNumber, name, String(envelope.actId), envelope),
    timeline: async () => (await stores.timeline.list(caseNumber, undefined, 1_000)).items,
    async ended() {
      await within(handle.result(), async () => standing(await row()));
      const { view } = await once(hasEnded);
      return view;
    },
  };
}

const standing = ({ view, openTasks }: CaseRow) =>
  JSON.stringify({ ...view, clocks: undefined, openTasks: openTasks.map((task) => task.id) });

async function within<T>(work: Promise<T>, where: () => Promise<string>): Promise<T> {
  const late = delay(patienceMs, null, { ref: false }).then(async () => {
    throw new Error(`not ended: ${await where()}`);
  });
  return Promise.race([work, late]);
}

let slots = 0;
/** A slot that no other case of the test asks for. */
function ownSlot(name: string): Body {
  if (name !== 'confirmVisit' && name !== 'planRound') return {};
  slots += 1;
  const start = Date.UTC(2090, 0, 1) + slots * 3 * 3_600_000;
  return { start: new Date(start).toISOString(), end: new Date(start + 7_200_000).toISOString() };
}

/** An action's envelope as the door would build it. */
export function actionOf<Name extends ActionName>(
  name: Name,
  role: Role,
  answer: ActionBody<Name>,
  actId: string = randomUUID(),
): Body {
  const { publicPart } = splitPersonal(actions[name], answer as Body);
  return {
    actor: { id: staffOf[role], role },
    reason: answer.reason,
    occurredAt: new Date().toISOString(),
    actId,
    answer: { ...publicPart, document: null },
  };
}
