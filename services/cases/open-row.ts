import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { cases, persons } from '../../db/schema.ts';
import { param, row, rows, statement } from '../../db/statement.ts';
import type { Actor, CaseView } from '../../domain/case.ts';
import type { CasePlan } from '../../domain/plan.ts';

/** The person who called; kept in `persons` and nowhere else (D9). */
export interface Contact {
  name: string;
  phone: string;
}

/** A case at the door: the key, what was asked, and what it was promised. */
export interface NewCase {
  key: string;
  /** SHA-256 of the request's canonical JSON. */
  bodyHash: string;
  /** Whose keys these are; the same key in another scope is another key. */
  scope: string;
  flow: string;
  /** The stage that the case is about to enter. */
  firstStage: string;
  plan: CasePlan;
  contact: Contact | null;
  faultText: string | null;
  customerNumber: string | null;
  serialNumber: string | null;
  faultCode: string | null;
  allowDuplicate: boolean;
  duplicateReason?: string | undefined;
  /** Why parts are asked to be free. */
  specialUserReason?: string | null;
  openedBy: Actor;
  /** ISO 8601 UTC. */
  openedAt: string;
  /** As in `IntakeDeps`. */
  mostStanding?: number | undefined;
}

export type Opened =
  | { kind: 'created'; caseNumber: string }
  | { kind: 'same'; caseNumber: string }
  /** The open case of the same flow and twin key. */
  | { kind: 'duplicate'; caseNumber: string }
  /** The key came before with another body. */
  | { kind: 'keyReused' }
  /** As many stand already as may: nothing was written. */
  | { kind: 'busy' };

/** Writes the case's row, once per key, and never a second open case of the same flow and twin key (N7). */
export async function openRow(db: Db, request: NewCase): Promise<Opened> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const [created] = await insertCase(db, request);
    if (created) return { kind: 'created', ...created };
    const found = (await sameKey(db, request)) ?? (await openTwin(db, request));
    if (found) return found;
    const [full] = await standingFull(db, request);
    if (full) return { kind: 'busy' }; // else what was in the way was rolled back, closed or taken up since: try again
  }
  throw new ServiceFailure('Contention', 'a case of the same kind keeps opening and closing');
}

const insertCase = statement((db, request: NewCase) => {
  const { scope, key, bodyHash, flow, plan, contact, allowDuplicate } = request;
  const { customerNumber, serialNumber, faultCode, faultText, openedBy, openedAt } = request;
  const { duplicateReason = null, specialUserReason = null } = request;
  return rows(
    db,
    { caseNumber: cases.caseNumber },
    (answer) => sql`
    with fresh as materialized (
      select nextval('case_numbers') as seq where not exists ${caseUnder(db, request)}
        and (${allowDuplicate} or not exists ${openTwins(db, request)})
        and not exists ${lastStanding(db, request)}
    ), numbered as materialized (
      select seq, case_number_of(seq) as case_number,
        case when ${contact !== null} then 'contact:' || case_number_of(seq) end as contact_id
      from fresh
    ), opened as (
      insert into ${cases} ${row(cases, {
        caseNumber: sql`case_number`,
        seq: sql`seq`,
        scope,
        idempotencyKey: key,
        bodyHash,
        flow,
        plan,
        view: sql`${param(initialView(request))}::jsonb || jsonb_build_object('caseNumber', case_number)`,
        severity: plan.severity,
        customerNumber,
        serialNumber,
        faultCode,
        twinKey: plan.twinKey,
        faultText,
        contactId: sql`contact_id`,
        allowDuplicate,
        duplicateReason,
        specialUserReason,
        openedBy,
        openedAt,
      })} from numbered on conflict do nothing
      returning ${cases.caseNumber}, ${cases.contactId}
    ), contact as (
      insert into ${persons} ${row(persons, {
        personId: sql`contact_id`,
        name: contact?.name ?? null,
        phone: contact?.phone ?? null,
      })} from opened where contact_id is not null
    )
    select ${answer} from opened as ${cases}`,
  );
});

type Keyed = Pick<NewCase, 'scope' | 'key' | 'bodyHash'>;

/** What this key opened before: that case, or a refusal when the body was another; undefined for a new key (I11). */
export async function sameKey(
  db: Db,
  request: Keyed,
): Promise<Extract<Opened, { kind: 'same' | 'keyReused' }> | undefined> {
  const [known] = await knownCase(db, request);
  if (!known) return undefined;
  if (known.bodyHash !== request.bodyHash) return { kind: 'keyReused' };
  return { kind: 'same', caseNumber: known.caseNumber };
}

const caseUnder = (db: Db, { scope, key }: Keyed) =>
  db
    .select({ caseNumber: cases.caseNumber, bodyHash: cases.bodyHash })
    .from(cases)
    .where(and(eq(cases.scope, scope), eq(cases.idempotencyKey, key)));
const knownCase = statement(caseUnder);

// Of those that were allowed beside another one too, which the unique index leaves out.
const openTwins = (db: Db, { flow, plan }: NewCase) =>
  db
    .select({ caseNumber: cases.caseNumber })
    .from(cases)
    .where(and(eq(cases.flow, flow), cases.isOpen, sql`${cases.twinKey} = ${plan.twinKey}`))
    .orderBy(cases.seq)
    .limit(1);
const oldestTwin = statement(openTwins);

async function openTwin(db: Db, request: NewCase): Promise<Opened | undefined> {
  if (request.allowDuplicate) return undefined;
  const [twin] = await oldestTwin(db, request);
  return twin && { kind: 'duplicate', caseNumber: twin.caseNumber };
}

// The row at the bound, when so many cases stand that no workflow has spoken for yet.
const lastStanding = (db: Db, { mostStanding }: NewCase) =>
  db
    .select({ caseNumber: cases.caseNumber })
    .from(cases)
    .where(
      and(cases.isOpen, isNull(cases.runId), mostStanding === undefined ? sql`false` : undefined),
    )
    .offset(Math.max(0, (mostStanding ?? 0) - 1))
    .limit(1);
const standingFull = statement(lastStanding);

/** What a cycle of a case shows until its workflow has spoken. */
export const untilHeard = (stage: string, since: string) => ({
  status: 'new' as const,
  stage,
  alertLevel: 0 as const,
  alertAcknowledged: false,
  holdReason: null,
  assignee: null,
  clocks: [],
  nextDueAt: null,
  waitingOn: { what: 'start', who: 'engine', since },
  blockers: [],
  waivers: [],
  outcome: null,
  closedAt: null,
  facts: {},
});

const initialView = (request: NewCase): CaseView => ({
  caseNumber: '',
  flow: request.flow,
  cycle: 1,
  severity: request.plan.severity,
  ...untilHeard(request.firstStage, request.openedAt),
});
