/** Row first, workflow second, answer last (D5): whoever repeats the call with its key finds the same case. */
import { hashOf } from '../../db/hash.ts';
import type { Actor } from '../../domain/case.ts';
import { flowDefinition } from '../../domain/catalogue.ts';
import { referencesIn } from '../../domain/fields.ts';
import type { FlowName } from '../../domain/flows/tasks.ts';
import type { CasePlan, OpenedCase, Opening, OpenRequest, Source } from '../../domain/plan.ts';
import { type OccurrenceRef, twinOf } from '../../domain/schedule.ts';
import type { Brake } from './brake.ts';
import type { FactSources } from './facts.ts';
import * as promises from './flows.ts';
import type { NewCase } from './open-row.ts';
import type { Promising } from './promise.ts';
import { unknownFields } from './references.ts';
import type { CaseStore } from './store.ts';

export interface IntakeDeps extends FactSources {
  cases: Pick<CaseStore, 'open' | 'openedBy' | 'get'>;
  /** Comes back once the workflow exists. */
  starter: { start(opened: OpenedCase): Promise<unknown> };
  /** Where new cases wait for their turn; undefined: they don't. */
  brake?: Brake;
  /** From so many open cases on that no worker has taken up, over all processes, none is opened; undefined: however many there are. */
  mostStanding?: number;
  /** ISO 8601 UTC. */
  now: () => string;
}

/** How a request at the door ended. Only `opened` and `same` mean that the workflow exists. */
export type Intake =
  | { kind: 'opened' | 'same'; caseNumber: string }
  /** The same asset and fault are open already in this flow, under that number. */
  | { kind: 'duplicate'; caseNumber: string }
  /** The key came before with another body. */
  | { kind: 'keyReused' }
  /** Numbers and codes that nobody knows, or that don't belong together. */
  | { kind: 'unknown'; errors: { pointer: string; detail: string }[] }
  | { kind: 'entitlementMismatch'; evidence: string[]; fits: string }
  /** More is being opened than the engine works off: surely not taken, and the key is free. */
  | { kind: 'busy' };

/** A request that was checked against its flow's contract. */
export interface IntakeRequest {
  flow: string;
  /** Why this flow. */
  because: string[];
  /** Whose key it is: the same key of another caller is another key. */
  scope: string;
  key: string;
  actor: Actor;
  request: OpenRequest;
  /** Set for a case that another case or a schedule opens; null for one that a person opens. */
  source: Source | null;
  /** What a schedule opens it for; the schedule then decides which cases are twins. */
  occurrence?: OccurrenceRef;
}

/** Opens a case, or says why not. Fails when database or engine do not answer: then the same key may be tried again. */
export async function openCase(deps: IntakeDeps, intake: IntakeRequest): Promise<Intake> {
  const { brake } = deps;
  const before = brake?.isBusy() ? await openedBefore(deps, intake) : undefined;
  const take = () => takeIn(deps, intake);
  const taken = before ?? (await (brake ? brake.pass(take) : take())) ?? { kind: 'busy' };
  if (taken.kind === 'same') await startAgain(deps, taken.caseNumber);
  return taken;
}

/** Comes back once the workflow of a new case exists: so long it has its place at the brake. */
async function takeIn(deps: IntakeDeps, intake: IntakeRequest): Promise<Intake> {
  const now = deps.now();
  const { flow, actor } = intake;
  const found = await planFor(deps, intake, now);
  // what the key opened stands, whatever would be planned today
  if ('kind' in found) return (await openedBefore(deps, intake)) ?? found;
  const plan = forOccurrence(found.plan, intake.occurrence);
  const result = await deps.cases.open(rowOf(deps, intake, plan, now));
  if (result.kind !== 'created') return result;
  const { caseNumber } = result;
  // that it is started is written by the workflow's first word, or by the sweeper while nobody is at work
  await deps.starter.start({ caseNumber, cycle: 1, flow, openedAt: now, openedBy: actor, plan });
  return { kind: 'opened', caseNumber };
}

const openedBefore = ({ cases }: IntakeDeps, { scope, key, request }: IntakeRequest) =>
  cases.openedBy({ scope, key, bodyHash: hashOf(request) });

const forOccurrence = (plan: CasePlan, occurrence: OccurrenceRef | undefined): CasePlan =>
  occurrence ? { ...plan, occurrence, twinKey: twinOf(occurrence) } : plan;

/** Every flow is promised by something. */
const ofFlow: Record<FlowName, Promising> = promises;
const promiseOf = new Map(Object.entries(ofFlow));

type NotPlanned = Extract<Intake, { kind: 'unknown' | 'entitlementMismatch' }>;
type ToPlan = Pick<IntakeRequest, 'flow' | 'because' | 'actor' | 'source' | 'request'>;

/** What a case that is asked for now would be promised, or why it would not be opened. */
export async function planFor(
  deps: FactSources,
  intake: ToPlan,
  now: string,
): Promise<{ plan: CasePlan } | NotPlanned> {
  const definition = flowDefinition(intake.flow);
  const promise = promiseOf.get(intake.flow);
  if (!definition || !promise)
    return { kind: 'unknown', errors: [{ pointer: '/flow', detail: 'unknown flow' }] };
  const planned = await promise(deps, openingOf(intake, now));
  if ('plan' in planned) return planned;
  if ('refused' in planned)
    return { kind: 'entitlementMismatch', evidence: planned.evidence, fits: planned.fits };
  // looked up field by field only when something did not fit
  const references = referencesIn(definition.input, intake.request);
  const unknown = await unknownFields(deps.directory, references);
  return { kind: 'unknown', errors: unknown.length > 0 ? unknown : planned.errors };
}

function openingOf({ request, because, actor, source }: ToPlan, now: string): Opening {
  const reason = request.overrideEntitlement?.reason;
  const override = reason === undefined ? null : { by: actor.id, reason };
  return { request, now, because, override, source };
}

/** Where it is and what is seen, in the caller's words; null when nobody said. */
function wordsOf({ fault }: OpenRequest): string | null {
  if (!fault) return null;
  return fault.place ? `${fault.place}: ${fault.description}` : fault.description;
}

function rowOf(
  { mostStanding }: IntakeDeps,
  intake: IntakeRequest,
  plan: NewCase['plan'],
  now: string,
): NewCase {
  const { request } = intake;
  const { customerNumber, serialNumber, faultCode } = plan;
  return {
    key: intake.key,
    scope: intake.scope,
    bodyHash: hashOf(request),
    flow: intake.flow,
    firstStage: flowDefinition(intake.flow)?.stages[0]?.name ?? '',
    plan,
    contact: request.contact ?? null,
    faultText: wordsOf(request),
    customerNumber,
    serialNumber,
    faultCode,
    allowDuplicate: request.allowDuplicate !== undefined,
    duplicateReason: request.allowDuplicate?.reason,
    specialUserReason: request.specialUser?.reason ?? null,
    openedBy: intake.actor,
    openedAt: now,
    mostStanding,
  };
}

/** Starts a case whose row was never seen started: from what the row promised, not from what this call would promise now. */
export async function startAgain(
  { cases, starter }: Pick<IntakeDeps, 'starter'> & { cases: Pick<CaseStore, 'get'> },
  caseNumber: string,
): Promise<void> {
  const row = await cases.get(caseNumber);
  if (!row || row.started) return;
  const { flow, plan, openedAt, openedBy, view } = row;
  await starter.start({ caseNumber, cycle: view.cycle, flow, openedAt, openedBy, plan });
}
