/** What crosses between the workflows and their clients, once: signals, queries, the opening's update, attribute keys. Tasks and actions
 *  are updates under their own names. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActionBody } from '../domain/action-contracts.ts';
import type { CaseView, Envelope, OpenTask } from '../domain/case.ts';

/** What an accepted act leads to: the revision of the read model that holds it, readable by then. */
export interface Accepted {
  revision: number;
}

/** Asked along with the start: answers once the first open task is readable, or, of a run that could not claim its cycle, at once. */
export const opened = defineUpdate<Accepted, []>('opened');

/** Why the workflow refuses an act: a closed list. */
export const refusals = [
  'taskNotOpen',
  'illegalTransition',
  'blocked',
  'forbidden',
  'invalidAnswer',
] as const;
export type Refusal = (typeof refusals)[number];

/** Where a loan stands, as its case hears of it. */
export interface LoanReport {
  loan: string;
  status: 'requested' | 'rejected' | 'issued' | 'partiallyCleared' | 'cleared' | 'canceled';
  lines: { partNumber: string; issued: number; outstanding: number }[];
}
export const loanReported = defineSignal<[Envelope<LoanReport>]>('loanReported');

/** The case needs the loan no longer: not issued yet, it is called off; issued, the parts come back, so many of them used. */
export const loanNoLongerNeeded =
  defineSignal<[Envelope<{ used: { partNumber: string; quantity: number }[] }>]>(
    'loanNoLongerNeeded',
  );

/** A case tells its children what a supervisor diverted to the built-in service. */
export const serviceDiverted = defineSignal<[Envelope<ActionBody<'divert'>>]>('serviceDiverted');

/** The rows are ahead of the workflow, at the given revision: a step was lost after it was written. It reports where it stands. */
export const reportAgain = defineSignal<[Envelope<{ above: number }>]>('reportAgain');

export const readCase = defineQuery<CaseView | null>('readCase');
export const readTasks = defineQuery<OpenTask[]>('readTasks');
/** How far the workflow has reported: the revision that its read model should have. */
export const readRevision = defineQuery<number>('readRevision');

const { KEYWORD, INT } = SearchAttributeType;

/** What the engine's list of workflows can be filtered by. */
export const searchAttributes = {
  flow: defineSearchAttributeKey('AfterloopFlow', KEYWORD),
  status: defineSearchAttributeKey('AfterloopStatus', KEYWORD),
  stage: defineSearchAttributeKey('AfterloopStage', KEYWORD),
  severity: defineSearchAttributeKey('AfterloopSeverity', KEYWORD),
  customer: defineSearchAttributeKey('AfterloopCustomer', KEYWORD),
  asset: defineSearchAttributeKey('AfterloopAsset', KEYWORD),
  territory: defineSearchAttributeKey('AfterloopTerritory', KEYWORD),
  outcome: defineSearchAttributeKey('AfterloopOutcome', KEYWORD),
  alertLevel: defineSearchAttributeKey('AfterloopAlertLevel', INT),
};
