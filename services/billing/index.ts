/** What a paid service costs and what became of it: quotes, invoices, payments, decisions (FLOW-CHARGE, FLOW-ARR, FLOW-SPEC, FLOW-PF-OW). */
import type { Actor } from '../../domain/case.ts';
import type { ChargeLine, Prices } from '../../domain/charge.ts';
import type { PartLine } from '../../domain/loan.ts';

interface Effect {
  effectKey: string;
  caseNumber: string;
}
type UsedLine = PartLine & { oldPartSerials: string[] };

/** Each is one statement under its effect key; a repetition gets the first answer. Instants are ISO 8601 UTC. */
export interface BillingEffects {
  /** What the tariff of that version asks for these parts; one that it does not list is left out. Reads only. */
  priceParts(
    request: Effect & { tariffVersion: number; partNumbers: string[] },
  ): Promise<Prices['parts']>;
  /** A supervisor's decision with its reason. */
  fileDecision(
    request: Effect & {
      kind: 'arrears' | 'specialUser';
      decision: string;
      reason: string;
      by: Actor;
      at: string;
    },
  ): Promise<void>;
  /** The next revision; one that was presented and not answered is superseded. `validUntil` is that of the first telling. */
  presentQuote(
    request: Effect & {
      tariffVersion: number;
      currency: string;
      lines: ChargeLine[];
      presentedAt: string;
      validUntil: string;
    },
  ): Promise<{ revision: number; totalMinor: number; validUntil: string }>;
  /** What became of a revision. An accepted one supersedes the one accepted before. Once settled it stays as it is. */
  settleQuote(
    request: Effect & {
      revision: number;
      status: 'accepted' | 'declined' | 'expired' | 'superseded';
      at: string;
    },
  ): Promise<void>;
  /** Undo: every quote of the case that still binds is withdrawn, and one under `quoteKey` comes no more (D3). */
  withdrawQuotes(request: Effect & { quoteKey: string }): Promise<void>;
  /** Gives a dense number (D6, I8). Fails `PartsNotIssued` when a part on the bill was not drawn from stock for the case. */
  issueInvoice(
    request: Effect & {
      tariffVersion: number;
      quoteRevision: number | null;
      currency: string;
      lines: ChargeLine[];
      /** The stock issue as the parts service knows it; left out: that of our own ledger. */
      drawn?: PartLine[];
      issuedAt: string;
    },
  ): Promise<{ invoiceNumber: string; totalMinor: number; issuedAt: string }>;
  /** Undo: every invoice of the case that stands is void, and one under `invoiceKey` comes no more (D3). Harmless when there is none. */
  voidInvoice(request: Effect & { invoiceKey: string; reason: string; at: string }): Promise<void>;
  /** Money that came in; with `settlesArrears` finance's flag on the customer is cleared as well. */
  recordPayment(
    request: Effect & {
      customerNumber: string;
      amountMinor: number;
      currency: string;
      method: 'cash' | 'card' | 'transfer' | 'mobile';
      receiptNumber: string;
      settlesArrears: boolean;
      at: string;
    },
  ): Promise<void>;
  /** Gives money back: so much, or all that the case still holds when `amountMinor` is null; the sum that went back. `bars` names a
   *  payment that must not come in any more (D3). */
  refund(
    request: Effect & {
      amountMinor: number | null;
      bars: string | null;
      reason: string;
      at: string;
    },
  ): Promise<{ refundedMinor: number }>;
  /** What the engineer's provider is paid by; `provider` is null for our own staff. */
  settleProvider(
    request: Effect & {
      engineerNumber: string;
      basis: 'inWarranty' | 'outOfWarranty' | 'contract';
      laborMinutes: number;
      parts: PartLine[];
    },
  ): Promise<{ settlementNumber: string; provider: string | null }>;
  /** What the customer wants with each old part (FLOW-PF-OW). */
  recordOldPartChoices(request: Effect & { keep: UsedLine[]; handOver: UsedLine[] }): Promise<void>;
}

interface Bill {
  tariffVersion: number;
  currency: string;
  lines: ChargeLine[];
  totalMinor: number;
}

/** Everything about the money of a case. Instants are ISO 8601 UTC, amounts minor units; refunds are negative. */
export interface Charges {
  decisions: {
    kind: 'arrears' | 'specialUser';
    decision: string;
    askedBecause: string | null;
    reason: string;
    by: string;
    at: string;
  }[];
  quotes: (Bill & { revision: number; status: string; presentedAt: string; validUntil: string })[];
  /** `voidedAt` is null while it stands; a void one keeps its number and says why. */
  invoices: (Bill & {
    invoiceNumber: string;
    quoteRevision: number | null;
    issuedAt: string;
    voidedAt: string | null;
    voidReason: string | null;
  })[];
  payments: {
    amountMinor: number;
    currency: string;
    method: string;
    receiptNumber: string | null;
    refundReason: string | null;
    at: string;
  }[];
  settlements: {
    settlementNumber: string;
    engineerNumber: string;
    provider: string | null;
    basis: string;
    laborMinutes: number;
    parts: PartLine[];
  }[];
  oldParts: { partNumber: string; oldPartSerial: string; choice: 'keep' | 'handOver' }[];
}

export interface BillingQuestions {
  /** Everything about the money of a case: decisions, quotes, invoices, payments, settlements, old parts. */
  charges(caseNumber: string): Promise<Charges>;
}

export interface BillingService {
  effects: BillingEffects;
  questions: BillingQuestions;
}
