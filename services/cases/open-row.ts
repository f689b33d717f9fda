import type { Sql } from '../../db/connect.ts';
import { json } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
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
}

export type Opened =
  | { kind: 'created'; caseNumber: string }
  | { kind: 'same'; caseNumber: string }
  /** The open case of the same flow and twin key. */
  | { kind: 'duplicate'; caseNumber: string }
  /** The key came before with another body. */
  | { kind: 'keyReused' };

/** Writes the case's row, once per key, and never a second open case of the same flow and twin key (N7). */
export async function openRow(sql: Sql, request: NewCase): Promise<Opened> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const [created] = await insertCase(sql, request);
    if (created) return { kind: 'created', ...created };
    const found = (await sameKey(sql, request)) ?? (await openTwin(sql, request));
    if (found) return found; // else the one in the way was rolled back or closed since: try again
  }
  throw new ServiceFailure('Contention', 'a case of the same kind keeps opening and closing');
}

const insertCase = (sql: Sql, request: NewCase) => sql<{ caseNumber: string }[]>`
  with fresh as materialized (
    select nextval('case_numbers') as seq where not exists (select from cases
      where scope = ${request.scope} and idempotency_key = ${request.key})
    and (${request.allowDuplicate} or not exists (${openTwins(sql, request)}))
  ), numbered as materialized (
    select seq, case_number_of(seq) as case_number,
      case when ${request.contact !== null} then 'contact:' || case_number_of(seq) end as contact_id
    from fresh
  ), opened as (
    insert into cases (case_number, seq, scope, idempotency_key, body_hash, flow, plan, view, severity,
      customer_number, serial_number, fault_code, twin_key, fault_text, contact_id, allow_duplicate,
      duplicate_reason, special_user_reason, opened_by, opened_at)
    select case_number, seq, ${request.scope}, ${request.key}, ${request.bodyHash}, ${request.flow},
      ${json(sql, request.plan)}, ${json(sql, initialView(request))} || jsonb_build_object('caseNumber', case_number),
      ${request.plan.severity}, ${request.customerNumber}, ${request.serialNumber}, ${request.faultCode},
      ${request.plan.twinKey}, ${request.faultText}, contact_id, ${request.allowDuplicate}, ${request.duplicateReason ?? null},
      ${request.specialUserReason ?? null}, ${json(sql, request.openedBy)}, ${request.openedAt}
    from numbered on conflict do nothing
    returning case_number, contact_id
  ), contact as (
    insert into persons (person_id, name, phone)
    select contact_id, ${request.contact?.name ?? null}, ${request.contact?.phone ?? null}
    from opened where contact_id is not null
  )
  select case_number as "caseNumber" from opened`;

/** What this key opened before: that case, or a refusal when the body was another; undefined for a new key (I11). */
export async function sameKey(
  sql: Sql,
  request: Pick<NewCase, 'scope' | 'key' | 'bodyHash'>,
): Promise<Extract<Opened, { kind: 'same' | 'keyReused' }> | undefined> {
  const [known] = await sql<{ caseNumber: string; bodyHash: string }[]>`
    select case_number as "caseNumber", body_hash as "bodyHash" from cases
    where scope = ${request.scope} and idempotency_key = ${request.key}`;
  if (!known) return undefined;
  if (known.bodyHash !== request.bodyHash) return { kind: 'keyReused' };
  return { kind: 'same', caseNumber: known.caseNumber };
}

// Of those that were allowed beside another one too, which the unique index leaves out.
const openTwins = (sql: Sql, request: NewCase) => sql`
  select case_number as "caseNumber" from cases where flow = ${request.flow} and is_open
    and twin_key = ${request.plan.twinKey}`;

async function openTwin(sql: Sql, request: NewCase): Promise<Opened | undefined> {
  const [twin] = await sql<
    { caseNumber: string }[]
  >`${openTwins(sql, request)} order by seq limit 1`;
  return twin && { kind: 'duplicate', caseNumber: twin.caseNumber };
}

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
