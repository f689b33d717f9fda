/** A case as every reader sees it, with what this caller may do now. */
import type { ActionName } from '../domain/action-contracts.ts';
import type { CaseView, ClockView } from '../domain/case.ts';
import { answerSchema, type JsonSchema, taskDefinition } from '../domain/catalogue.ts';
import { allowedActions, isEnded, standingBlockers } from '../domain/status.ts';
import type { CaseRow, PartnerWait, WorklistTask } from '../services/cases/index.ts';
import type { AppDeps } from './deps.ts';
import type { Person } from './plugins/auth.ts';
import type { CasePage, TaskPage } from './shapes/case.ts';

const schemas = new Map<string, JsonSchema>();

/** The schema of a task's answer; only the example depends on the case, so the rest is made once. */
function schemaOf(name: string, context: object): JsonSchema {
  const task = taskDefinition(name);
  if (!task) return {};
  const known = schemas.get(name) ?? answerSchema(task);
  schemas.set(name, known);
  return { ...known, examples: [task.example(context)] };
}

/** What examples of cases side by side differ by: each case, and each time that it is asked again, has another place. The step is
 *  prime to the number of places, so that who found one taken comes to every other. */
const placeOf = ({ caseNumber, id }: WorklistTask): number =>
  Number(caseNumber.slice(2)) - 1 + 11 * (Number(id.slice(id.lastIndexOf('-') + 1)) - 1);

/** A task on the wire, read at `now`. The context stays inside: it shows in the example and in the bounds of the answer. */
export function taskPage(asked: WorklistTask, now: string): TaskPage {
  const { context, workflowId: _, ...task } = asked;
  const links = {
    case: `/v1/cases/${task.caseNumber}`,
    answer: `/v1/cases/${task.caseNumber}/tasks/${task.id}`,
  };
  const title = taskDefinition(task.name)?.title ?? null;
  return {
    ...task,
    title,
    links,
    answerSchema: schemaOf(task.name, { ...context, now, place: placeOf(asked) }),
  };
}

/** What this person may do with the case now, in any of the roles. */
export function actionsFor(person: Person, row: CaseRow): ActionName[] {
  return [...new Set(person.roles.flatMap((role) => allowedActions(role, viewNow(row))))];
}

/** The view with what its loans know beside it: that one waits for a partner shows as what the case waits for. An ended case hears of
 *  its loans no more: what is still out shows by the tasks that wait for it. */
export function viewNow({
  view,
  openTasks,
  partnerWaits = [],
}: CaseRow): CaseView & { partnerWaits: PartnerWait[] } {
  const { caseNumber, waitingOn } = view;
  const child = partnerWaits.find(
    ({ workflowId }) => workflowId === `${caseNumber}/${waitingOn?.what}`,
  );
  const now = { ...view, waitingOn: child ?? waitingOn ?? partnerWaits[0] ?? null, partnerWaits };
  if (!isEnded(view.status)) return now;
  const isOut = (id: string) => openTasks.some((task) => task.id.startsWith(`${id}-`));
  return {
    ...now,
    blockers: view.blockers.filter(({ kind, id }) => kind === 'openLoan' && isOut(id)),
  };
}

/** Promises that were taken back are nobody's any more. */
const shownClock = ({ state, ...clock }: ClockView) =>
  state === 'canceled' ? [] : [{ ...clock, state }];

/** The case's resource. Fields that the flow has no use for are null. */
export function casePage(
  deps: Pick<AppDeps, 'temporalUi' | 'now'>,
  row: CaseRow,
  person: Person,
): CasePage {
  const { plan } = row;
  const now = deps.now();
  const view = viewNow(row);
  const self = `/v1/cases/${view.caseNumber}`;
  return {
    ...view,
    clocks: view.clocks.flatMap(shownClock),
    blockers: standingBlockers(view),
    customerNumber: row.customerNumber,
    serialNumber: row.serialNumber,
    faultCode: row.faultCode,
    specialUser: row.specialUserReason ? { reason: row.specialUserReason } : null,
    territory: plan.territory,
    channel: plan.channel,
    entitlement: plan.entitlement ?? null,
    routing: plan.routing,
    policy: plan.policy,
    openTasks: row.openTasks.map((task) => taskPage(task, now)),
    allowedActions: actionsFor(person, row),
    openedAt: row.openedAt,
    openedBy: row.openedBy,
    revision: row.revision,
    links: {
      self,
      timeline: `${self}/timeline`,
      serviceRecords: `${self}/service-records`,
      temporalUi: deps.temporalUi(view.caseNumber, row.runId),
    },
  };
}
