import { and, eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { answerDocuments } from '../../db/schema.ts';
import { names, row, statement } from '../../db/statement.ts';
import {
  archiveCase,
  archives,
  fileKnowledge,
  registerWarrantyClaim,
  withdrawWarrantyClaim,
} from './filing.ts';
import type { AnswerDocument, RecordsService } from './index.ts';
import { createServiceRecord, recordSignature, serviceRecords } from './signing.ts';

/** Service records, signatures, claims, knowledge and archive codes on our own database. */
export function createRecords(client: Sql): RecordsService {
  const db = drizzle(client);
  return {
    effects: {
      createServiceRecord: (request) => createServiceRecord(db, request),
      recordSignature: (request) => recordSignature(db, request),
      registerWarrantyClaim: (request) => registerWarrantyClaim(db, request),
      withdrawWarrantyClaim: (request) => withdrawWarrantyClaim(db, request),
      fileKnowledge: (request) => fileKnowledge(db, request),
      archiveCase: (request) => archiveCase(db, request),
    },
    questions: {
      getAnswer: async (documentId) => (await answers(db, documentId))[0] ?? null,
      serviceRecords: (caseNumber) => serviceRecords(db, caseNumber),
      archive: async (caseNumber) => (await archives(db, caseNumber))[0] ?? null,
    },
    keepAnswer: (document) => keepAnswer(db, document),
  };
}

const { documentId: id, requestHash } = answerDocuments;

async function keepAnswer(db: Db, document: AnswerDocument): Promise<void> {
  const { documentId, caseNumber, taskId, body } = document;
  const hash = hashOf({ caseNumber, taskId, body });
  const [kept] = await insertAnswer(db, document, hash);
  if (kept) return;
  const [same] = await sameAnswer(db, documentId, hash);
  if (!same) throw new ServiceFailure('DocumentChanged', `document ${documentId} has another body`);
}

const insertAnswer = statement((db, answer: AnswerDocument, hash: string) =>
  db.execute(sql`
    insert into ${answerDocuments} ${row(answerDocuments, {
      documentId: answer.documentId,
      caseNumber: answer.caseNumber,
      taskId: answer.taskId,
      body: answer.body,
      requestHash: hash,
    })} on conflict (${names(id)}) do nothing returning 1`),
);

const sameAnswer = statement((db, documentId: string, hash: string) =>
  db
    .select({ id })
    .from(answerDocuments)
    .where(and(eq(id, documentId), eq(requestHash, hash))),
);

const answers = statement((db, documentId: string) =>
  db
    .select({
      documentId: id,
      caseNumber: answerDocuments.caseNumber,
      taskId: answerDocuments.taskId,
      body: answerDocuments.body,
    })
    .from(answerDocuments)
    .where(eq(id, documentId)),
);
