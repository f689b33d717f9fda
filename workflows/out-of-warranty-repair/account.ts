import type { PartLine } from '../../domain/loan.ts';
import type { Quote } from './quote.ts';

/** The money of one case. */
export interface Account {
  /** What the customer accepted; null while nothing is to be paid. */
  accepted: Quote | null;
  /** So many percent of it are asked before the work; null: nothing. */
  depositPercent: number | null;
  paidMinor: number;
  /** Numbers of the receipts booked. */
  receipts: string[];
  invoice: { number: string; key: string; totalMinor: number } | null;
  /** Visits and parts of earlier rounds, by their count in what was done. */
  recorded: { visits: number; used: number };
  /** Rounds of service on site that no provider was settled for yet. */
  unsettled: OnSiteWork[];
}

/** What was done on site in one round, by who ended it and wrote its record. */
export interface OnSiteWork {
  engineerNumber: string;
  laborMinutes: number;
  parts: PartLine[];
}

/** The account of a case that nothing was asked of yet. */
export const emptyAccount = (): Account => ({
  accepted: null,
  depositPercent: null,
  paidMinor: 0,
  receipts: [],
  invoice: null,
  recorded: { visits: 0, used: 0 },
  unsettled: [],
});
