/** The parts service: stock, reservations, loans, returns, prices (FLOW-LOAN, FLOW-PF-IW). Every call that changes something
 *  carries an effect key and is applied once per key; repeating it gives the first answer. */

import type { PartLine, PartLoan, ReturnedLine } from '../../domain/loan.ts';

export type { LoanLine, PartLoan } from '../../domain/loan.ts';

export interface StockLevel {
  location: string;
  onHand: number;
  reserved: number;
  onLoan: number;
}

export interface Part {
  partNumber: string;
  title: { en: string; zh: string };
  unitPriceMinor: number;
  currency: string;
  stock: StockLevel[];
}

export interface ReserveRequest {
  effectKey: string;
  caseNumber: string;
  /** The territory whose field office is asked first; then any other location that has the whole quantity of a line. */
  territory: string;
  lines: PartLine[];
}
/** All lines or none. `reservationKey` is the request's effect key. `shortages` says what no location has (quantity missing), `office` where it
 *  would be taken in: the territory's field office. */
export type ReserveResult =
  | { reserved: true; reservationKey: string; lines: (PartLine & { location: string })[] }
  | { reserved: false; shortages: PartLine[]; office: string };

/** What a case asks of the service: every one of these is an activity. */
export interface PartsEffects {
  reserve(request: ReserveRequest): Promise<ReserveResult>;
  /** Releases what is still reserved under that key, and bars a late `reserve` under it (a tombstone, D3). Harmless if nothing is there. */
  release(request: { effectKey: string; reservationKey: string }): Promise<void>;
  /** Goods that arrive for a shortage: added to stock at a location. */
  receive(request: { effectKey: string; location: string; lines: PartLine[] }): Promise<void>;
  /** Turns a reservation into a loan: reserved stock leaves the shelf. Fails `ReservationGone` if released. */
  issueLoan(request: {
    effectKey: string;
    reservationKey: string;
    loanNumber: string;
    caseNumber: string;
    borrower: string;
    issuedAt: string;
    dueAt: string;
  }): Promise<PartLoan>;
  /** Takes parts back: unused to stock, used ones clear against their old part and the slip. Fails `OverReturn` beyond the outstanding. */
  returnLoan(request: {
    effectKey: string;
    loanNumber: string;
    slipNumber: string | null;
    lines: ReturnedLine[];
  }): Promise<PartLoan>;
  /** Writes off what a supervisor names; `chargeTo` is recorded. Fails `OverReturn` beyond the outstanding. */
  writeOffLoan(request: {
    effectKey: string;
    loanNumber: string;
    lines: PartLine[];
    chargeTo: 'technician' | 'customer' | 'company';
    reason: string;
  }): Promise<PartLoan>;
  extendLoan(request: { effectKey: string; loanNumber: string; dueAt: string }): Promise<PartLoan>;
  /** Old parts of a repair without a loan (the customer's own part was fitted): entered into the faulty-parts store against the slip. */
  receiveOldParts(request: {
    effectKey: string;
    caseNumber: string;
    territory: string;
    slipNumber: string;
    lines: (PartLine & { oldPartSerials: string[] })[];
  }): Promise<void>;
  /** Turns a reservation into a sale: reserved stock leaves the shelf for good. Fails `ReservationGone` if released. `terms` says who
   *  pays: the customer by the bill, a maintenance contract, or nobody when failed work is done again. */
  issueSale(request: {
    effectKey: string;
    reservationKey: string;
    caseNumber: string;
    terms: 'charged' | 'contract' | 'rework';
    receivedBy: string;
  }): Promise<void>;
  /** Parts sold that were not needed go back on the shelf: all of the case but those `kept`. Harmless if nothing was sold. */
  takeBackSold(request: { effectKey: string; caseNumber: string; kept: PartLine[] }): Promise<void>;
  /** Old parts that a paying customer hands over (FLOW-PF-OW): into the faulty-parts store, without a slip. */
  receiveHandedOver(request: {
    effectKey: string;
    caseNumber: string;
    territory: string;
    disposal: 'recycle' | 'scrap' | 'analyze';
    lines: (PartLine & { oldPartSerials: string[] })[];
  }): Promise<void>;
  /** What a case was sold, by bill or contract, less what came back; parts of rework are left out. */
  soldTo(request: { caseNumber: string }): Promise<PartLine[]>;
}

/** What is looked up beside the cases. Nothing changes by it. */
export interface PartsQuestions {
  getPart(partNumber: string): Promise<Part | null>;
  getLoan(loanNumber: string): Promise<PartLoan | null>;
  listLoans(filter: {
    status?: PartLoan['status'] | undefined;
    caseNumber?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<PartLoan[]>;
  /** The kit of parts that a fault on a product model is expected to need; empty when none is on record. */
  kitFor(productModel: string, faultCode: string): Promise<PartLine[]>;
  /** Which of these part numbers are unknown. */
  unknownParts(partNumbers: string[]): Promise<string[]>;
}

export interface PartsService {
  effects: PartsEffects;
  questions: PartsQuestions;
}

/** The built-in service, which can carry on from a partner's (N25). */
export interface BuiltInParts extends PartsService {
  /** What a partner reserved is ours from now on: the parts come into stock at the territory's office and are reserved under the request's
   *  key. Harmless where that key has reserved, lent or released anything. Fails `UnknownPart`. */
  takeOver(request: ReserveRequest): Promise<void>;
}
