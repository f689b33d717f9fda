/** An act on its way into the workflow, and back as something everybody can read. */
import { createHash } from 'node:crypto';
import { hashOf } from '../../db/hash.ts';
import type { Actor } from '../../domain/case.ts';
import type { AppDeps } from '../deps.ts';
import { Refused, WorkflowGone } from '../engine.ts';
import type { Person } from '../plugins/auth.ts';
import { notFound, Problem } from '../problem.ts';
import { notNow, refusedByEngine } from './refusal.ts';

/** One act of one person, checked as far as the door can. */
export interface PersonalAct {
  person: Person;
  actor: Actor;
  caseNumber: string;
  workflowId: string;
  /** Name of the task or action. */
  name: string;
  /** The task id, or the action. */
  subject: string;
  actId: string;
  body: { publicPart: Record<string, unknown>; personalPart: Record<string, unknown> | null };
  /** Further members of the envelope: a task's id. */
  envelope?: { taskId: string };
}

const digest = (parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);

/** The update id: the same act of the same person always gets the same one (D4). */
export const actIdOf = (...parts: unknown[]): string => `act-${digest(parts)}`;

/** The scope that a key counts in: one person, one task or action of one case. */
export const scopeOf = (caseNumber: string, subject: string, actor: Actor): string =>
  `${caseNumber}/${subject}/${actor.id}`;

/** Keeps the body's hash beside the key: 422 when the key came with another body before. */
export async function claimKey(
  { stores }: AppDeps,
  claim: { scope: string; key: string; body: unknown; actor: Actor },
): Promise<'new' | 'same'> {
  const { scope, key, actor } = claim;
  const claimed = await stores.requests.claim({ scope, key, actor, bodyHash: hashOf(claim.body) });
  if (claimed === 'other') throw new Problem('idempotencyKeyReused');
  return claimed;
}

/** Delivers the act once, and returns when every later reading holds it. Refusals are problems; nothing changed then. The engine is
 *  told the public part only, its reason among it. */
export async function deliverAct(deps: AppDeps, act: PersonalAct): Promise<void> {
  const document = await keepPersonalPart(deps, act);
  const { workflowId, name, actId, actor, body } = act;
  const { reason } = body.publicPart;
  const envelope = {
    actor,
    ...(typeof reason === 'string' ? { reason } : {}),
    occurredAt: deps.now(),
    actId,
    ...act.envelope,
    answer: { ...body.publicPart, document },
  };
  try {
    await deps.engine.deliver({ workflowId, name, actId, envelope });
  } catch (error) {
    if (!(error instanceof Refused || error instanceof WorkflowGone)) throw error;
    const wasLast = error instanceof WorkflowGone && (await wasApplied(deps, act));
    if (!wasLast) throw await problemFor(deps, act, error);
  }
}

/** An ended case can't be asked any more: its timeline tells whether this act was the one that ended it. */
const wasApplied = ({ stores }: AppDeps, { caseNumber, actId }: PersonalAct): Promise<boolean> =>
  stores.acts.wasApplied(caseNumber, actId);

/** What belongs to a person stays in the database under an id that a repetition finds again (D9). */
async function keepPersonalPart({ stores }: AppDeps, act: PersonalAct): Promise<string | null> {
  const { caseNumber, subject: taskId, actId } = act;
  const { personalPart: body } = act.body;
  if (body === null) return null;
  const documentId = `doc-${digest([actId])}`;
  await stores.records.keepAnswer({ documentId, caseNumber, taskId, body });
  return documentId;
}

/** The row decides: the engine alone can't tell an ended case from one that never was. */
async function problemFor(deps: AppDeps, act: PersonalAct, error: Refused | WorkflowGone) {
  const row = await deps.stores.cases.get(act.caseNumber);
  if (!row) return notFound('case');
  if (error instanceof Refused)
    return refusedByEngine(error.refusal, error.message, row, act.person);
  return row.started
    ? notNow(act.envelope ? 'taskNotOpen' : 'illegalTransition', row, act.person)
    : new Problem('unavailable', { detail: 'the case is being started' });
}
