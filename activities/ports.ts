/** What activities need of our own database. The stores in `db/` implement it. */
import type { Actor, CaseProgress } from '../domain/case.ts';
import type { PartLine } from '../domain/loan.ts';

export interface ProgressStore {
  /** Claims `(case, cycle)` for a chain of runs (D5): true for its first claimant and for every repetition by the same one.
   *  False when another chain holds it, when the cycle has ended, or when the case has no row (I10, I12). */
  claimCycle(claim: {
    caseNumber: string;
    cycle: number;
    firstExecutionRunId: string;
  }): Promise<boolean>;
  /** Writes one step of the read model and its timeline lines by one statement, once per effect key, never backwards in revision. */
  record(progress: CaseProgress): Promise<void>;
}

export interface RecordsStore {
  /** A new version of the service record (FLOW-REC, 5.3), from numbers and from the texts kept under the named documents.
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
