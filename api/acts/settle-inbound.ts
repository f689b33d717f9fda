/** What a person does with a message that nobody's case was found for. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { whatIsSaid } from '../../domain/inbound.ts';
import { caseNumber, reason } from '../../domain/values.ts';
import type { ByHand, InboundMessage } from '../../services/inbound/index.ts';
import type { AppDeps } from '../deps.ts';
import { idempotencyKey, parse } from '../fields.ts';
import { actorIn, personOn } from '../plugins/auth.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import { claimKey, scopeOf } from './deliver.ts';
import { cameIn } from './inbound.ts';
import { recordingRefusals } from './refusal.ts';

/** The ways to settle a message, by what is to be said for it. */
export const waysToSettle = {
  assign: z.strictObject({ caseNumber }).meta({ examples: [{ caseNumber: 'C-000017' }] }),
  dismiss: z.strictObject({ reason }).meta({ examples: [{ reason: 'Advertising.' }] }),
};
type Way = keyof typeof waysToSettle;

/** Settles a message once: 403 before 404 before 422 before 409. Told again by the same person, it answers with the message as it is. */
export function settleByHand(
  deps: AppDeps,
  request: FastifyRequest<{ Params: { inboundNumber: string } }>,
  way: Way,
): Promise<InboundMessage> {
  const { inboundNumber } = request.params;
  const person = personOn(request);
  const attempt = { person, caseNumber: null, subject: `${inboundNumber} ${way}` };
  return recordingRefusals(deps, attempt, async () => {
    const by = actorIn(person, ['hotline', 'supervisor']);
    if (!by) throw new Problem('forbidden', { detail: 'messages are settled by the hotline' });
    const message = await messageOn(deps, inboundNumber);
    const said = await saidOf(deps, request, way, message);
    const key = idempotencyKey(request.headers);
    const scope = scopeOf(inboundNumber, way, by);
    if (key !== undefined) await claimKey(deps, { scope, key, body: request.body, actor: by });
    const how = { inboundNumber, ...said, by, at: deps.now() };
    await deps.messages.inbound.settleByHand(how);
    const settled = await messageOn(deps, inboundNumber);
    if (!isSettledSo(settled, how)) throw notUnmatched(settled);
    return settled;
  });
}

async function messageOn({ messages }: AppDeps, number: string): Promise<InboundMessage> {
  const found = await messages.inbound.get(number);
  if (!found) throw notFound('message');
  return found;
}

type Said = Pick<ByHand, 'caseNumber' | 'rating' | 'reason'>;

async function saidOf(
  { stores }: AppDeps,
  { body }: FastifyRequest,
  way: Way,
  message: InboundMessage,
): Promise<Said> {
  if (way === 'dismiss')
    return { caseNumber: null, rating: null, reason: parse(waysToSettle.dismiss, body).reason };
  const named = parse(waysToSettle.assign, body).caseNumber;
  if (!(await stores.cases.get(named)))
    throw invalid([{ pointer: '/caseNumber', detail: 'no such case' }]);
  const said = whatIsSaid(message.text);
  const rating = said.kind === 'rating' ? said.rating : null;
  return { caseNumber: named, rating, reason: cameIn(message) };
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
