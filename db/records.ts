import type { RecordsStore } from '../activities/ports.ts';
import type { Sql } from './connect.ts';
import { checkEffect, effectCheckOf, noteOnSources, registerAction } from './defects.ts';
import { hashOf, json } from './effects.ts';
import { recordFailure } from './failure-records.ts';
import { ServiceFailure } from './failures.ts';
import {
  type Archive,
  archiveCase,
  archiveOf,
  fileKnowledge,
  registerWarrantyClaim,
  withdrawWarrantyClaim,
} from './records-filing.ts';
import {
  createServiceRecord,
  recordSignature,
  type ServiceRecord,
  serviceRecords,
} from './records-signing.ts';

/** The personal part of an answer, kept beside the case and named in payloads by `documentId` (D9). */
export interface AnswerDocument {
  documentId: string;
  caseNumber: string;
  taskId: string;
  body: Record<string, unknown>;
}

export interface Records extends RecordsStore {
  /** Keeps it once; harmless when repeated. Fails `DocumentChanged` for another body under the same id. */
  keepAnswer(document: AnswerDocument): Promise<void>;
  getAnswer(documentId: string): Promise<AnswerDocument | null>;
  /** All versions, oldest first, each with its signatures. */
  serviceRecords(caseNumber: string): Promise<ServiceRecord[]>;
  /** What is kept of a closed case, and until when (R73, R74); null before it is archived. */
  archive(caseNumber: string): Promise<Archive | null>;
}

/** The store of service records, signatures, claims, knowledge and archive codes (FLOW-REC, FLOW-KB). */
export function createRecordsStore(sql: Sql): Records {
  return {
    keepAnswer: (document) => keepAnswer(sql, document),
    getAnswer: (documentId) => getAnswer(sql, documentId),
    createServiceRecord: (request) => createServiceRecord(sql, request),
    recordSignature: (request) => recordSignature(sql, request),
    registerWarrantyClaim: (request) => registerWarrantyClaim(sql, request),
    withdrawWarrantyClaim: (request) => withdrawWarrantyClaim(sql, request),
    fileKnowledge: (request) => fileKnowledge(sql, request),
    archiveCase: (request) => archiveCase(sql, request),
    recordFailure: (request) => recordFailure(sql, request),
    registerAction: (request) => registerAction(sql, request),
    checkEffect: (request) => checkEffect(sql, request),
    effectCheckOf: (request) => effectCheckOf(sql, request),
    noteOnSources: (request) => noteOnSources(sql, request),
    serviceRecords: (caseNumber) => serviceRecords(sql, caseNumber),
    archive: (caseNumber) => archiveOf(sql, caseNumber),
  };
}

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
