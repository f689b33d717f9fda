import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { answerDocuments, cases, serviceRecords as records, signatures } from '../../db/schema.ts';
import { list, names, object, param, row, rows, statement, value } from '../../db/statement.ts';
import type { RecordsEffects } from './index.ts';

type Request<Name extends keyof RecordsEffects> = Parameters<RecordsEffects[Name]>[0];
type Written = Awaited<ReturnType<RecordsEffects['createServiceRecord']>>;

// Two records of one case at once: the second takes the next number. A key used twice is seen by the read that follows.
const isVersionTaken = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'service_records_pkey';

/** Writes the next version of a case's service record from facts and kept texts, the caller's own words among them. */
export const createServiceRecord = (db: Db, request: Request<'createServiceRecord'>) =>
  retrying(() => writeRecord(db, request), isVersionTaken);

async function writeRecord(db: Db, request: Request<'createServiceRecord'>): Promise<Written> {
  const hash = hashOf(request);
  const [created] = await insertRecord(db, request, hash);
  if (created) return created;
  const [known] = await recordUnder(db, request.effectKey);
  sameRequest(request.effectKey, known?.hash ?? null, hash);
  if (!known) throw new ServiceFailure('Contention', 'the service record is being written');
  return { version: known.version, digest: known.digest };
}

const insertRecord = statement((db, request: Request<'createServiceRecord'>, hash: string) => {
  const { effectKey, caseNumber, round, documents, facts } = request;
  return rows(
    db,
    { version: records.version, digest: records.digest },
    (answer) => sql`
    with next as (
      select coalesce(max(${records.version}), 0) + 1 as version from ${records} where ${records.caseNumber} = ${caseNumber}
    ), texts as (
      select coalesce(jsonb_object_agg(${answerDocuments.taskId}, ${answerDocuments.body}), '{}') as bodies
      from ${answerDocuments} where ${answerDocuments.caseNumber} = ${caseNumber}
        and ${answerDocuments.documentId} = any(${param(documents)}::text[])
    ), written as (
      select version, ${param(facts)}::jsonb || jsonb_build_object('caseNumber', ${caseNumber}::text,
        'version', version, 'round', ${round}::int, 'documents', bodies, 'symptom',
        (select ${cases.faultText} from ${cases} where ${cases.caseNumber} = ${caseNumber})) as body from next, texts
    )
    insert into ${records} ${row(records, {
      caseNumber,
      version: sql`version`,
      effectKey,
      requestHash: hash,
      round,
      body: sql`body`,
      digest: sql`record_digest(body)`,
    })} from written
    on conflict (${names(records.effectKey)}) do nothing returning ${answer}`,
  );
});

const recordUnder = statement((db, effectKey: string) =>
  db
    .select({ version: records.version, digest: records.digest, hash: records.requestHash })
    .from(records)
    .where(eq(records.effectKey, effectKey)),
);

/** Who signed which version, or refused; refuses a digest that the version doesn't have. */
export async function recordSignature(db: Db, request: Request<'recordSignature'>): Promise<void> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { at: _, ...content } = request;
  const hash = hashOf(content);
  const [signed] = await insertSignature(db, request, hash);
  if (signed) return;
  const [known] = await signatureUnder(db, request.effectKey);
  if (!known)
    throw new ServiceFailure('DigestMismatch', `version ${request.version} has another digest`);
  sameRequest(request.effectKey, known.hash, hash);
}

const insertSignature = statement((db, request: Request<'recordSignature'>, hash: string) => {
  const { effectKey, caseNumber, version, digest, signed, rating, document, by, at } = request;
  return db.execute(sql`
    insert into ${signatures} ${row(signatures, {
      effectKey,
      requestHash: hash,
      caseNumber: sql`${records.caseNumber}`,
      version: sql`${records.version}`,
      digest: sql`${records.digest}`,
      signed,
      rating,
      documentId: document,
      byId: by.id,
      byRole: by.role,
      at,
    })} from ${records}
    where ${records.caseNumber} = ${caseNumber} and ${records.version} = ${version} and ${records.digest} = ${digest}
    on conflict (${names(signatures.effectKey)}) do nothing returning 1`);
});

const signatureUnder = statement((db, effectKey: string) =>
  db
    .select({ hash: signatures.requestHash })
    .from(signatures)
    .where(eq(signatures.effectKey, effectKey)),
);

/** All versions of a case, oldest first, each with the signatures given for it. */
export const serviceRecords = statement((db, caseNumber: string) =>
  db
    .select({
      version: records.version,
      round: records.round,
      digest: records.digest,
      body: records.body,
      createdAt: records.createdAt,
      signatures: value(signaturesOfRecord(db)),
    })
    .from(records)
    .where(eq(records.caseNumber, caseNumber))
    .orderBy(records.version),
);

function signaturesOfRecord(db: Db) {
  const { signed, digest, rating, documentId, byId, byRole, at, effectKey } = signatures;
  const signatureValid = sql<boolean>`${signed} and ${digest} = record_digest(${records.body})`;
  const by = object({ id: byId, role: byRole });
  const line = { signed, digest, signatureValid, rating, document: documentId, by, at };
  return db
    .select({ value: list(line, at, effectKey) })
    .from(signatures)
    .where(
      and(eq(signatures.caseNumber, records.caseNumber), eq(signatures.version, records.version)),
    );
}
