/** The case file: what a flow reads like. Everything a flow does to its case, it says here. */
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { cancelClock } from '../../domain/clock.ts';
import type { Flow } from '../../domain/flows/define.ts';
import { isTask, kernelTasks } from '../../domain/flows/tasks.ts';
import type { Recipient } from '../../domain/message.ts';
import type { CasePlan, OpenedCase, RepairPlan } from '../../domain/plan.ts';
import { isPossible } from '../../domain/status.ts';
import { hearAnswers } from '../kernel/ask.ts';
import { callOurs, callQuickly } from '../kernel/calls.ts';
import { hearReaders } from '../kernel/row.ts';
import {
  type Ending,
  type Identity,
  isoNow,
  newRun,
  now,
  type Promises,
  type Run,
  report,
  type State,
  theFlow,
} from '../kernel/run.ts';
import { goOn, hearActions } from './actions.ts';
import { meet, momentsOf } from './alerts.ts';
import { hearDiversions, partnerWaits } from './divert.ts';
import { tell } from './messages.ts';
import { type Settled, type Settlement, settleRun } from './settle.ts';
import { viewOf } from './view.ts';
import { type Words, wordsOf } from './words.ts';

/** A case, or a child of one, as its flow sees it. `Stage` is the flow's own list of stages, `Plan` what it was promised. */
export interface CaseFile<Stage extends string, Plan extends Promises = RepairPlan>
  extends Words<Stage> {
  readonly caseNumber: string;
  readonly cycle: number;
  /** When the customer's call came in: the instant that the first clocks count from. */
  readonly openedAt: string;
  readonly plan: Plan;
}

/** The input of every workflow of ours. */
export interface Opened<Plan extends Promises = Promises> {
  caseNumber: string;
  cycle: number;
  openedAt: string;
  plan: Plan;
  /** Only in a continued run. */
  carried?: unknown;
}

/** What a child is, beside its case. */
export interface ChildTerms {
  /** `loan1`: its number within the case. */
  name: string;
  /** What it knows as it begins. */
  begun?: Partial<State>;
  /** True while its case, or the engine, may call it off. */
  mayCancel: () => boolean;
  /** Told of each rung that fires, with the level it asks for. */
  onRung?: Identity['onRung'];
}

const runs = new WeakMap<object, { run: Run; opened: Opened }>();

/** Opens the file of a case, or of a child: synchronous, before the first `await`; all handlers stand when it returns. */
export function openFile<Stage extends string, Plan extends Promises = RepairPlan>(
  flow: Flow,
  opened: Opened<Plan>,
  child?: ChildTerms,
): CaseFile<Stage, Plan> {
  checkInput(opened);
  const { caseNumber, cycle, openedAt, plan } = opened;
  const itself = () => run;
  const run: Run = newRun(
    child ? childOf(opened, child, itself) : caseOf(opened, itself),
    opened.carried as State | undefined,
    child?.begun ?? {},
  );
  hearReaders(run);
  hearDiversions(run);
  if (!child) hearActions(run);
  hearAnswers(run, [...flow.stages.flatMap(({ tasks }) => tasks).filter(isTask), ...kernelTasks]);
  if (!opened.carried && isCase(opened)) reportOpened(run, opened);
  const file = { caseNumber, cycle, openedAt, plan, ...wordsOf<Stage>(run) };
  runs.set(file, { run, opened });
  return file;
}

const isCase = (opened: object): opened is OpenedCase => 'flow' in opened;

/** Garbage as input ends the run at once, with a typed failure and without a trace in any case. */
function checkInput(opened: Partial<Opened> | null | undefined): void {
  const { caseNumber, cycle, plan } = opened ?? {};
  if (typeof caseNumber === 'string' && Number.isInteger(cycle) && plan?.taskDueMs) return;
  throw ApplicationFailure.nonRetryable('not an opened case', 'invalidInput');
}

/** What a case and its children have in common. */
const identityOf = ({ caseNumber, cycle, plan }: Opened, run: () => Run) => ({
  ...{ caseNumber, cycle, plan, workflowId: workflowInfo().workflowId },
  partnerWaits: () => partnerWaits(run()),
  moments: () => momentsOf(run()),
});

const childOf = (
  opened: Opened,
  { name, onRung = () => undefined, mayCancel }: ChildTerms,
  run: () => Run,
): Identity => ({
  ...identityOf(opened, run),
  prefix: `${name}-`,
  claim: async () => true,
  view: () => null,
  onAnswer: () => undefined,
  onRung,
  mayCancel,
});

const caseOf = (opened: Opened, run: () => Run): Identity => ({
  ...identityOf(opened, run),
  prefix: '',
  claim: () => claimCycle(opened),
  view: () => (isCase(opened) ? viewOf(opened, run()) : null),
  onAnswer: (act, isContact) => onAnswer(run(), act, isContact),
  onRung: () => undefined,
  mayCancel: () => isPossible('cancel', run().state),
});

/** A case's cycle is one chain of runs (D5, I12). A child has no cycle of its own. */
async function claimCycle({ caseNumber, cycle }: Opened): Promise<boolean> {
  const { firstExecutionRunId } = workflowInfo();
  const request = { caseNumber, cycle, firstExecutionRunId };
  const summary = `claim cycle ${cycle}`;
  const claimed = await callQuickly('claimCycle', request, summary).catch(() =>
    callOurs('claimCycle', request, summary),
  );
  return claimed === true;
}

/** The first line of a cycle: who opened it, and what it was opened with. */
function reportOpened(run: Run, { openedBy: actor, flow, plan, cycle }: OpenedCase): void {
  const { entitlement, severity, channel, source, drill } = plan;
  const detail = {
    ...{ flow, severity, channel, entitlement: entitlement?.verdict ?? null },
    ...(source ? { source } : {}),
    ...(drill ? { drill } : {}),
  };
  const reason = entitlement?.overrideReason ?? null;
  if (cycle > 1) report(run, { kind: 'caseReopened', subject: `cycle ${cycle}`, detail });
  else report(run, { kind: 'caseOpened', actor, reason, detail });
}

/** The first human contact meets the response clock; an answer also ends a hold, since the work goes on. */
function onAnswer(run: Run, act: Parameters<Identity['onAnswer']>[0], isContact: boolean): void {
  const { state } = run;
  if (state.status === 'onHold') goOn(run, act, null);
  if (state.status !== 'triaged' || !isContact) return;
  state.status = 'inProgress';
  meet(run, 'response');
}

type Ended = Omit<Settlement, 'next'>;

/** Runs a flow over its file to the end, whichever it is. */
export function settle(file: object, settlement: Ended): Promise<Settled> {
  const open = runs.get(file);
  if (!open) throw ApplicationFailure.nonRetryable('not an open file', 'invalidInput');
  const next = (carried: State) => ({ ...open.opened, carried });
  return settleRun(open.run, { ...settlement, next });
}

/** As `settle`, of a case: `fileAway` is owed by every closed case (FLOW-REC, FLOW-KB), `undos` by a canceled one. */
export function settleCase<Stage extends string, Plan extends CasePlan>(
  file: CaseFile<Stage, Plan>,
  undos: Settlement['undos'],
  fileAway: (outcome: string) => Promise<void>,
  work: Settlement['work'],
): Promise<Settled> {
  const run = runs.get(file)?.run;
  const finish = async (kind: Ending['kind'], outcome: string) => {
    if (kind === 'closed') await fileAway(outcome);
    if (run) close(run, file.plan, kind, outcome);
  };
  return settle(file, { undos, finish, work });
}

function close(run: Run, plan: CasePlan, kind: Ending['kind'], outcome: string): void {
  const { state, identity } = run;
  const customer: Recipient = { kind: 'customer', caseNumber: identity.caseNumber };
  if (kind !== 'closed' && plan.customerNumber !== null) tell(run, farewell[kind], customer);
  if (kind === 'closed') meet(run, 'resolution');
  for (const clock of Object.values(state.clocks)) cancelClock(clock, now());
  const ended = { status: kind, outcome, closedAt: isoNow(), openTasks: [], alertRisesAt: null };
  Object.assign(state, ended);
  const { actor, reason } = state.ending ?? { actor: theFlow, reason: null };
  report(run, { kind: endings[kind], actor, reason, subject: outcome });
}

const farewell = { rejected: 'applicationRejected', canceled: 'caseCanceled' } as const;
const endings = {
  rejected: 'caseRejected',
  canceled: 'caseCanceled',
  closed: 'caseClosed',
} as const;
