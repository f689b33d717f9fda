/** Partners that are away: their calls are seen while they last, and made at the built-in service when a supervisor says so (N25). */
import type { ActionBody } from '../../domain/action-contracts.ts';
import type { Envelope, WaitingOn } from '../../domain/case.ts';
import { isPartner, keysOf, type Partner } from '../kernel/calls.ts';
import { post } from '../kernel/errands.ts';
import { hearSignal, refuse } from '../kernel/hear.ts';
import { isoNow, type Line, type Run, report, theFlow } from '../kernel/run.ts';
import { serviceDiverted } from '../wire.ts';
import { onAction } from './actions.ts';

type Diversion = Envelope<ActionBody<'divert'>>;

/** Calls to partners that are under way. */
const calls = ({ errands }: Run) =>
  errands.filter(({ call, scope, outcome }) => call !== null && scope && outcome === null);

/** Who the workflow waits for: calls that were not answered at once, and those refused for good, which a supervisor has yet to decide on. */
export function partnerWaits(run: Run): WaitingOn[] {
  const { openTasks, diverted } = run.state;
  const refused = openTasks.flatMap(({ name, context, openedAt: since }) => {
    const what = name === 'resolveFailure' ? String(context.effect) : '';
    const [who = ''] = what.split('.');
    return isPartner(who) && !diverted.includes(who) ? [{ what, who, since }] : [];
  });
  const waiting = calls(run).flatMap(({ call, isPatient }) =>
    call && isPatient ? [{ what: call.what, who: call.who, since: call.since }] : [],
  );
  return [...waiting, ...refused];
}

/** The supervisor's action, and the same from a child's case. */
export function hearDiversions(run: Run): void {
  onAction(run, 'divert', {
    check: (act) => checkDivert(run, act),
    apply: (act) => report(run, divert(run, act, act.actId)),
  });
  hearSignal(run, serviceDiverted, (_, act) => {
    const said = act as Diversion;
    const service = String(said.answer?.service);
    if (!isPartner(service)) return 'not an envelope';
    return run.state.diverted.includes(service) ? null : divert(run, said, null);
  });
}

function checkDivert(run: Run, { answer: { service } }: Diversion): void {
  const waits = [...calls(run).map(({ call }) => call), ...partnerWaits(run)];
  const isAwaited = waits.some((wait) => wait?.who === service);
  // whether a child waits only the child knows
  if (run.state.diverted.includes(service) || !(isAwaited || run.state.children.length > 0))
    refuse(run, 'illegalTransition', `${service} is not waited for`);
}

/** From now on the built-in service is called. What the partner was asked and has not answered may have been done there. */
function divert(run: Run, { actor, answer }: Diversion, updateId: string | null): Line {
  const { service, reason } = answer;
  run.state.diverted.push(service);
  const pending = calls(run).filter(({ call }) => call?.who === service);
  const earlier = run.state.atPartner.filter((call) => call.service === service);
  for (const one of pending) one.again = true;
  for (const child of run.state.children) tellChild(run, child, service, { actor, answer });
  return {
    kind: 'serviceDiverted',
    ...{ actor, updateId, reason, subject: service },
    detail: {
      possiblyDone: pending.flatMap(({ call }) => call?.keys ?? []),
      doneThere: earlier.flatMap(({ request }) => keysOf(request)),
    },
  };
}

function tellChild(
  run: Run,
  workflowId: string,
  service: Partner,
  { actor = theFlow, answer }: Pick<Diversion, 'actor' | 'answer'>,
): void {
  const actId = `${workflowId}/diverted/${service}/${run.state.revision}`;
  const act = { actor, reason: answer.reason, occurredAt: isoNow(), actId, answer };
  post(run, workflowId, serviceDiverted, act);
}
