import type { Sql } from '../../db/connect.ts';
import { json } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import {
  archiveCase,
  archiveOf,
  fileKnowledge,
  registerWarrantyClaim,
  withdrawWarrantyClaim,
} from './filing.ts';
import type { AnswerDocument, RecordsService } from './index.ts';
import { createServiceRecord, recordSignature, serviceRecords } from './signing.ts';

/** Service records, signatures, claims, knowledge and archive codes on our own database. */
export const createRecords = (sql: Sql): RecordsService => ({
  effects: {
    createServiceRecord: (request) => createServiceRecord(sql, request),
    recordSignature: (request) => recordSignature(sql, request),
    registerWarrantyClaim: (request) => registerWarrantyClaim(sql, request),
    withdrawWarrantyClaim: (request) => withdrawWarrantyClaim(sql, request),
    fileKnowledge: (request) => fileKnowledge(sql, request),
    archiveCase: (request) => archiveCase(sql, request),
  },
  questions: {
    getAnswer: (documentId) => getAnswer(sql, documentId),
    serviceRecords: (caseNumber) => serviceRecords(sql, caseNumber),
    archive: (caseNumber) => archiveOf(sql, caseNumber),
  },
  keepAnswer: (document) => keepAnswer(sql, document),
});

async function keepAnswer(
  sql: Sql,
  { documentId, caseNumber, taskId, body }: AnswerDocument,
): Promise<void> {
  const hash = hashOf({ caseNumber, taskId, body });
  const kept = await sql`
    insert into answer_documents (document_id, case_number, task_id, body, request_hash)
    values (${documentId}, ${caseNumber}, ${taskId}, ${json(sql, body)}, ${hash})
    on conflict (document_id) do nothing returning 1`;
  if (kept.length > 0) return;
  const [same] = await sql`select from answer_documents
    where document_id = ${documentId} and request_hash = ${hash}`;
  if (!same) throw new ServiceFailure('DocumentChanged', `document ${documentId} has another body`);
}

async function getAnswer(sql: Sql, documentId: string): Promise<AnswerDocument | null> {
  const [row] = await sql<AnswerDocument[]>`
    select document_id as "documentId", case_number as "caseNumber", task_id as "taskId", body
    from answer_documents where document_id = ${documentId}`;
  return row ?? null;
}
