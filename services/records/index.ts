/** Documents of ours: what was said, done and signed in a case, the claim that follows, and where the case is kept (FLOW-REC, FLOW-KB). */
import type { Actor } from '../../domain/case.ts';
import type { PartLine } from '../../domain/loan.ts';

export interface SignatureLine {
  signed: boolean;
  /** The digest that the signer was shown. */
  digest: string;
  /** The stored version still has that digest (N15). */
  signatureValid: boolean;
  rating: string | null;
  document: string | null;
  by: { id: string; role: string };
  at: string;
}

export interface ServiceRecord {
  version: number;
  round: number;
  digest: string;
  body: Record<string, unknown>;
  createdAt: string;
  /** Empty for a version nobody signed: a signature holds for its own version only. */
  signatures: SignatureLine[];
}

/** Where a closed case is kept, and until when. */
export interface Archive {
  /** Customer number, service number, date of closing (R74, C9). */
  archiveCode: string;
  closedAt: string;
  retainUntil: string;
}

/** The personal part of an answer, kept beside the case and named in payloads by `documentId` (D9). */
export interface AnswerDocument {
  documentId: string;
  caseNumber: string;
  taskId: string;
  body: Record<string, unknown>;
}

/** What a case has written. Each is one statement under its effect key; a repetition gets the first answer. */
export interface RecordsEffects {
  /** A new version of the service record (FLOW-REC), from numbers and from the texts kept under the named documents.
   *  `digest` is the SHA-256 of its canonical JSON. */
  createServiceRecord(request: {
    effectKey: string;
    caseNumber: string;
    round: number;
    documents: string[];
    facts: Record<string, unknown>;
  }): Promise<{ version: number; digest: string }>;
  /** Who signed which version, or refused (N15). Fails `DigestMismatch` when the version has another digest. */
  recordSignature(request: {
    effectKey: string;
    caseNumber: string;
    version: number;
    digest: string;
    signed: boolean;
    rating: string | null;
    document: string | null;
    by: Actor;
    at: string;
  }): Promise<void>;
  /** The claim for the replaced parts (warranty procedure), one per effect key. */
  registerWarrantyClaim(request: {
    effectKey: string;
    caseNumber: string;
    slipNumber: string;
    lines: (PartLine & { oldPartSerials: string[] })[];
  }): Promise<{ claimNumber: string }>;
  /** Undo: no claim of the case stands any longer, and one under `claimKey` comes no more (D3); harmless when none came. */
  withdrawWarrantyClaim(request: {
    effectKey: string;
    caseNumber: string;
    claimKey: string;
    reason: string;
  }): Promise<void>;
  /** Fault symptom, operation, determination, replacement (FLOW-KB). */
  fileKnowledge(request: {
    effectKey: string;
    caseNumber: string;
    productModel: string;
    faultCode: string;
    causeCode: string | null;
    remedyCode: string | null;
    parts: PartLine[];
    documents: string[];
  }): Promise<{ articleNumber: string }>;
  /** Archive code: customer number, service number, date (R74, C9). */
  archiveCase(request: {
    effectKey: string;
    caseNumber: string;
    customerNumber: string;
    serviceType: string;
    closedAt: string;
    retainUntil: string;
  }): Promise<{ archiveCode: string }>;
}

/** What is read of a case's documents. */
export interface RecordsQuestions {
  getAnswer(documentId: string): Promise<AnswerDocument | null>;
  /** All versions, oldest first, each with its signatures. */
  serviceRecords(caseNumber: string): Promise<ServiceRecord[]>;
  /** What is kept of a closed case, and until when (R73, R74); null before it is archived. */
  archive(caseNumber: string): Promise<Archive | null>;
}

export interface RecordsService {
  effects: RecordsEffects;
  questions: RecordsQuestions;
  /** The door's part, before the engine hears of the answer. Kept once; harmless when repeated. Fails `DocumentChanged` for another
   *  body under the same id. */
  keepAnswer(document: AnswerDocument): Promise<void>;
}
