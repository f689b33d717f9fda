import type { Sql } from '../../db/connect.ts';
import { json, retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import type { RecordsEffects, ServiceRecord } from './index.ts';

type RecordRequest = Parameters<RecordsEffects['createServiceRecord']>[0];
interface Written {
  version: number;
  digest: string;
}

// Two records of one case at once: the second takes the next number. A key used twice is seen by the read that follows.
const isVersionTaken = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'service_records_pkey';

/** Writes the next version of a case's service record from facts and kept texts, the caller's own words among them. */
export const createServiceRecord = (sql: Sql, request: RecordRequest): Promise<Written> =>
  retrying(() => writeRecord(sql, request), isVersionTaken);

async function writeRecord(sql: Sql, request: RecordRequest): Promise<Written> {
  const { effectKey, caseNumber, round, documents, facts } = request;
  const hash = hashOf(request);
  const [created] = await sql<Written[]>`
    with next as (
      select coalesce(max(version), 0) + 1 as version from service_records where case_number = ${caseNumber}
    ), texts as (
      select coalesce(jsonb_object_agg(task_id, body), '{}') as bodies from answer_documents
      where case_number = ${caseNumber} and document_id = any(${documents}::text[])
    ), written as (
      select version, ${json(sql, facts)}::jsonb || jsonb_build_object('caseNumber', ${caseNumber}::text,
        'version', version, 'round', ${round}::int, 'documents', bodies, 'symptom',
        (select fault_text from cases where case_number = ${caseNumber})) as body from next, texts
    )
    insert into service_records (case_number, version, effect_key, request_hash, round, body, digest)
    select ${caseNumber}, version, ${effectKey}, ${hash}, ${round}, body, record_digest(body) from written
    on conflict (effect_key) do nothing returning version, digest`;
  if (created) return created;
  const [known] = await sql<(Written & { hash: string })[]>`
    select version, digest, request_hash as hash from service_records where effect_key = ${effectKey}`;
  sameRequest(effectKey, known?.hash ?? null, hash);
  if (!known) throw new ServiceFailure('Contention', 'the service record is being written');
  return { version: known.version, digest: known.digest };
}

/** Who signed which version, or refused; refuses a digest that the version doesn't have. */
export async function recordSignature(
  sql: Sql,
  request: Parameters<RecordsEffects['recordSignature']>[0],
): Promise<void> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { at: _, ...told } = request;
  const hash = hashOf(told);
  const signed = await sql`
    insert into signatures (effect_key, request_hash, case_number, version, digest, signed, rating, document_id,
      by_id, by_role, at)
    select ${request.effectKey}, ${hash}, case_number, version, digest, ${request.signed}, ${request.rating},
      ${request.document}, ${request.by.id}, ${request.by.role}, ${request.at}
    from service_records where case_number = ${request.caseNumber} and version = ${request.version}
      and digest = ${request.digest}
    on conflict (effect_key) do nothing returning 1`;
  if (signed.length > 0) return;
  const [known] = await sql<{ hash: string }[]>`
    select request_hash as hash from signatures where effect_key = ${request.effectKey}`;
  if (!known)
    throw new ServiceFailure('DigestMismatch', `version ${request.version} has another digest`);
  sameRequest(request.effectKey, known.hash, hash);
}

/** All versions of a case, oldest first, each with the signatures given for it. */
export const serviceRecords = (sql: Sql, caseNumber: string) => sql<ServiceRecord[]>`
  select version, round, digest, body, created_at as "createdAt",
    (select coalesce(jsonb_agg(jsonb_build_object('signed', signed, 'digest', s.digest,
      'signatureValid', signed and s.digest = record_digest(r.body), 'rating', rating, 'document', document_id,
      'by', jsonb_build_object('id', by_id, 'role', by_role), 'at', iso(at)) order by at, effect_key), '[]')
      from signatures s where s.case_number = r.case_number and s.version = r.version) as signatures
  from service_records r where case_number = ${caseNumber} order by version`;
