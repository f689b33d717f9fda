/** A word of somebody in charge: escalate, hold, waive, cancel, … (N19). */
import { hashOf } from '../../db/hash.ts';
import { type ActionName, actions } from '../../domain/action-contracts.ts';
import { referencesIn, splitPersonal } from '../../domain/fields.ts';
import { actionRoles, isEnded, isPossible, standingBlockers } from '../../domain/status.ts';
import { type CaseRow, unknownFields } from '../../services/cases/index.ts';

import { viewNow } from '../case-page.ts';
import type { AppDeps } from '../deps.ts';
import { parse } from '../fields.ts';
import { actorIn, type Person } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { actIdOf, claimKey, deliverAct, type PersonalAct, scopeOf } from './deliver.ts';
import { notNow } from './refusal.ts';

export interface ActionCall {
  person: Person;
  row: CaseRow;
  action: string;
  key: string | undefined;
  body: unknown;
}

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name);

/** Fails with a problem, in this order: 404 no such action, 403 wrong role, 422 wrong body, 409 not now. */
export async function takeAction(deps: AppDeps, call: ActionCall): Promise<void> {
  const { row, action, person, key } = call;
  if (!isAction(action)) throw notFound('action');
  const actor = actorIn(person, actionRoles[action]);
  if (!actor) throw new Problem('forbidden', { detail: `${action} is not for your role` });
  const body = parse(actions[action], call.body);
  await checkReferences(deps, row, action, body);
  const { caseNumber } = row.view;
  const scope = scopeOf(caseNumber, action, actor);
  const claimed = key === undefined ? 'new' : await claimKey(deps, { scope, key, body, actor });
  const act: PersonalAct = {
    person,
    actor,
    caseNumber,
    workflowId: addresseeOf(row, body),
    name: action,
    subject: action,
    // without a key, a double click is one act and the same word later another
    actId: actIdOf(scope, key ?? [row.revision, hashOf(body)]),
    body: splitPersonal(actions[action], body),
  };
  // what is not possible any more may be the repetition of what made it so: then the workflow knows it
  if (claimed === 'new' && !isPossibleNow(action, row, body)) throw impossible(action, row, person);
  await deliverAct(deps, act);
}

/** The workflow that hears it: a loan's own words go to the loan, and a diversion to a loan that outlived its case. */
function addresseeOf({ view, partnerWaits = [] }: CaseRow, body: object): string {
  const { caseNumber, status } = view;
  if ('loan' in body) return `${caseNumber}/${body.loan}`;
  const waiting = partnerWaits.find(({ who }) => 'service' in body && who === body.service);
  return isEnded(status) && waiting ? waiting.workflowId : caseNumber;
}

function isPossibleNow(action: ActionName, row: CaseRow, body: object): boolean {
  const view = viewNow(row);
  const partnerWaits =
    'service' in body ? view.partnerWaits.filter(({ who }) => who === body.service) : [];
  return isPossible(action, { ...view, partnerWaits });
}

function impossible(action: ActionName, row: CaseRow, person: Person): Problem {
  const blocked =
    action === 'close' && row.view.status === 'resolved' && standingBlockers(row.view).length > 0;
  return notNow(blocked ? 'blocked' : 'illegalTransition', row, person);
}

async function checkReferences(
  { stores, parts }: AppDeps,
  row: CaseRow,
  action: ActionName,
  body: object,
): Promise<void> {
  const unknown = await unknownFields(stores.directory, referencesIn(actions[action], body));
  if ('loan' in body && !(await parts.questions.getLoan(`${row.view.caseNumber}/${body.loan}`)))
    unknown.push({ pointer: '/loan', detail: 'no such loan of this case' });
  if (unknown.length > 0) throw invalid(unknown);
}
