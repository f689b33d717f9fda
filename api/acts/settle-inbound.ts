/** What a person does with a message that nobody's case was found for. */
import { z } from 'zod';
import { whatIsSaid } from '../../domain/inbound.ts';
import { caseNumber, reason } from '../../domain/values.ts';
import type { ByHand, InboundMessage } from '../../services/inbound/index.ts';
import type { AppDeps } from '../deps.ts';
import { actorIn, actorOf, type Person } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { claimKey, scopeOf } from './deliver.ts';
import { cameIn } from './inbound.ts';

/** Who settles messages. */
export const settlers = ['hotline', 'supervisor'] as const;

/** The ways to settle a message, by what is to be said for it. */
export const waysToSettle = {
  assign: z.strictObject({ caseNumber }).meta({ examples: [{ caseNumber: 'C-000017' }] }),
  dismiss: z.strictObject({ reason }).meta({ examples: [{ reason: 'Advertising.' }] }),
};
type Way = keyof typeof waysToSettle;

/** One person's word on one message. */
export interface SettleCall<Name extends Way> {
  person: Person;
  inboundNumber: string;
  key: string | undefined;
  body: z.output<(typeof waysToSettle)[Name]>;
}
type Said = Pick<ByHand, 'caseNumber' | 'rating' | 'reason'>;

/** Brings a message to a case, ended ones too; it stands on its timeline, and nobody is answered. */
export async function assignMessage(deps: AppDeps, call: SettleCall<'assign'>) {
  const message = await messageOn(deps, call.inboundNumber);
  const { caseNumber: named } = call.body;
  if (!(await deps.stores.cases.get(named)))
    throw invalid([{ pointer: '/caseNumber', detail: 'no such case' }]);
  const said = whatIsSaid(message.text);
  const rating = said.kind === 'rating' ? said.rating : null;
  return settle(deps, 'assign', call, { caseNumber: named, rating, reason: cameIn(message) });
}

/** Says why a message is about no case. */
export async function dismissMessage(deps: AppDeps, call: SettleCall<'dismiss'>) {
  await messageOn(deps, call.inboundNumber);
  return settle(deps, 'dismiss', call, { caseNumber: null, rating: null, ...call.body });
}

/** Settles a message once: 409 when it is settled otherwise. Told again by the same person, it answers with the message as it is. */
async function settle<Name extends Way>(
  deps: AppDeps,
  way: Name,
  { person, inboundNumber, key, body }: SettleCall<Name>,
  said: Said,
): Promise<InboundMessage> {
  const by = actorIn(person, settlers) ?? actorOf(person);
  const scope = scopeOf(inboundNumber, way, by);
  if (key !== undefined) await claimKey(deps, { scope, key, body, actor: by });
  const how = { inboundNumber, ...said, by, at: deps.now() };
  await deps.messages.inbound.settleByHand(how);
  const settled = await messageOn(deps, inboundNumber);
  if (!isSettledSo(settled, how)) throw notUnmatched(settled);
  return settled;
}

async function messageOn({ messages }: AppDeps, number: string): Promise<InboundMessage> {
  const found = await messages.inbound.get(number);
  if (!found) throw notFound('message');
  return found;
}

/** Who settled it and how: the same again is a repetition. */
const isSettledSo = ({ status, settled, ...message }: InboundMessage, how: ByHand): boolean =>
  settled?.by.id === how.by.id &&
  (how.caseNumber === null
    ? status === 'dismissed' && settled.reason === how.reason
    : status === 'assigned' && message.caseNumber === how.caseNumber);

const notUnmatched = ({ inboundNumber, status, caseNumber, settled }: InboundMessage): Problem =>
  new Problem('illegalTransition', {
    detail: `${inboundNumber} is ${status}`,
    more: { currentStatus: status, allowedActions: [], caseNumber, settled },
  });
