/** Partners that are away: their calls are seen while they last, and made at the built-in service when a supervisor says so (N25). */
import { getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { ActionBody } from '../../domain/action-contracts.ts';
import type { Envelope, WaitingOn } from '../../domain/case.ts';
import { serviceDiverted } from '../wire.ts';
import { onAction } from './actions.ts';
import { isPartner, keysOf, type Partner } from './effects.ts';
import { putDown } from './errands.ts';
import { ignoreSignal, isEnvelope, refuse } from './guard.ts';
import { isoNow, type Run, report, theFlow } from './run.ts';

type Diversion = Envelope<ActionBody<'divert'>>;

/** Calls to partners that are under way. */
const calls = ({ errands }: Run) =>
  errands.filter(({ call, sent, outcome }) => call !== null && sent && outcome === null);

/** Who the workflow waits for: calls under way, and those refused for good, which a supervisor has yet to decide on. */
export function partnerWaits(run: Run): WaitingOn[] {
  const { openTasks, diverted } = run.state;
  const refused = openTasks.flatMap(({ name, context, openedAt: since }) => {
    const what = name === 'resolveFailure' ? String(context.effect) : '';
    const [who = ''] = what.split('.');
    return isPartner(who) && !diverted.includes(who) ? [{ what, who, since }] : [];
  });
  const waiting = calls(run).flatMap(({ call }) =>
    call ? [{ what: call.what, who: call.who, since: call.since }] : [],
  );
  return [...waiting, ...refused];
}

/** The supervisor's action, and the same from a child's case. */
export function hearDiversions(run: Run): void {
  onAction(run, 'divert', {
    check: (act) => checkDivert(run, act),
    apply: (act) => divert(run, act, act.actId),
  });
  setHandler(serviceDiverted, (act) => {
    const service = isEnvelope(act) ? (act.answer as { service?: unknown } | null)?.service : null;
    if (!isPartner(String(service))) ignoreSignal(run, 'serviceDiverted', 'not an envelope');
    else if (!run.state.diverted.some((one) => one === service)) divert(run, act, null);
  });
}

function checkDivert(run: Run, { answer: { service } }: Diversion): void {
  const waits = partnerWaits(run).some(({ who }) => who === service);
  // whether a child waits only the child knows
  if (run.state.diverted.includes(service) || !(waits || run.state.children.length > 0))
    refuse(run, 'illegalTransition', `${service} is not waited for`);
}

/** From now on the built-in service is called. What the partner was asked and has not answered may have been done there. */
function divert(run: Run, { actor, answer }: Diversion, updateId: string | null): number {
  const { service, reason } = answer;
  run.state.diverted.push(service);
  const pending = calls(run).filter(({ call }) => call?.who === service);
  const earlier = run.state.atPartner.filter((call) => call.service === service);
  const revision = report(run, {
    kind: 'serviceDiverted',
    ...{ actor, updateId, reason, subject: service },
    detail: {
      possiblyDone: pending.flatMap(({ call }) => call?.keys ?? []),
      doneThere: earlier.flatMap(({ request }) => keysOf(request)),
    },
  });
  for (const one of pending) one.again = true;
  for (const child of run.state.children) tellChild(run, child, service, { actor, answer });
  return revision;
}

function tellChild(
  run: Run,
  workflowId: string,
  service: Partner,
  { actor = theFlow, answer }: Pick<Diversion, 'actor' | 'answer'>,
): void {
  const actId = `${workflowId}/diverted/${service}/${run.state.revision}`;
  const act = { actor, reason: answer.reason, occurredAt: isoNow(), actId, answer };
  putDown(run, actId, () => getExternalWorkflowHandle(workflowId).signal(serviceDiverted, act));
}
