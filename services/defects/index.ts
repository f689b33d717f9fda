/** Failure records, corrective actions and their effect (FLOW-FRACAS, FLOW-DEF). */
import type { Page } from '../../db/cursor.ts';
import type { EffectCheck, SourceCase, Trend } from '../../domain/recurrence.ts';

/** A confirmed product failure of a closed case (FLOW-FRACAS). */
export interface FailureRecord {
  seq: number;
  caseNumber: string;
  cycle: number;
  productModel: string;
  serialNumber: string;
  faultCode: string;
  causeCode: string | null;
  remedyCode: string | null;
  /** When the customer reported it. */
  failedAt: string;
  recordedAt: string;
  /** Closed once the latest effect check of its fault confirmed the action that came after it. */
  state: 'open' | 'closed';
}

export interface FailureFilter {
  productModel?: string | undefined;
  faultCode?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** What a case has written. Each is one statement under its effect key; a repetition gets the first answer. */
export interface DefectsEffects {
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

export interface DefectsQuestions {
  /** Failure records, newest first. Fails `BadCursor`. */
  failures(filter: FailureFilter): Promise<Page<FailureRecord>>;
}

export interface DefectsService {
  effects: DefectsEffects;
  questions: DefectsQuestions;
}
