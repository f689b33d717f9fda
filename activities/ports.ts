/** What activities need of our own database. The stores in `db/` implement it. */
import type { Actor, CaseProgress } from '../domain/case.ts';
import type { PartLine } from '../domain/loan.ts';
import type { Recurrence, Trend } from '../domain/recurrence.ts';

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

/** The verdict on a corrective action, N days after it was in place (N23). */
export interface EffectCheck extends Recurrence {
  effective: boolean;
  atMostPercent: number;
  checkedAt: string;
  /** The cycle in which the report goes on; null when the action worked, or another report has taken over. */
  nextCycle: number | null;
  openReport: string | null;
}

/** A case that a defect report came from. */
export interface SourceCase {
  caseNumber: string;
  /** A dash when it is about no single machine. */
  serialNumber: string;
  /** Null: there is no customer to tell. */
  customerNumber: string | null;
}

/** Failure records, corrective actions and their effect (FLOW-FRACAS, FLOW-DEF). */
export interface DefectRecords {
  /** Once per case and cycle; answers what it and its like say together. `failedAt`: when the customer reported it. */
  recordFailure(request: {
    effectKey: string;
    caseNumber: string;
    cycle: number;
    productModel: string;
    serialNumber: string;
    faultCode: string;
    causeCode: string | null;
    remedyCode: string | null;
    failedAt: string;
    windowMs: number;
  }): Promise<Trend>;
  /** What is in place from then on; `treatedSerials` null: on every unit of the affected models. */
  registerAction(request: {
    effectKey: string;
    caseNumber: string;
    cycle: number;
    productModel: string;
    faultCode: string;
    actionCode: string;
    affectedModels: string[];
    treatedSerials: string[] | null;
    inPlaceAt: string;
    checkAt: string;
  }): Promise<void>;
  /** Compares treated with prior units, and keeps the verdict. When it failed, the row of the report stands in its next cycle,
   *  at `firstStage`, to be started. */
  checkEffect(request: {
    effectKey: string;
    caseNumber: string;
    cycle: number;
    atMostPercent: number;
    checkedAt: string;
    firstStage: string;
  }): Promise<EffectCheck>;
  /** The verdict on the action of that cycle; null before its check. */
  effectCheckOf(request: { caseNumber: string; cycle: number }): Promise<EffectCheck | null>;
  /** A line on the timeline of every case that the report came from; answers which. `windowMs`: failures so long before the
   *  report was opened are among its sources. */
  noteOnSources(request: {
    effectKey: string;
    caseNumber: string;
    note: string;
    at: string;
    detail: Record<string, unknown>;
    windowMs: number;
  }): Promise<SourceCase[]>;
}

export interface RecordsStore extends DefectRecords {
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
  /** Undo: the claim of that effect key stands no longer; harmless when it never came. */
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
