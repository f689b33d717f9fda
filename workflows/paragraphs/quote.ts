/** What the customer is asked to pay, and agrees to: quote, deposit (FLOW-OW, FLOW-CHARGE). */
import {
  amountText,
  type ChargeLine,
  depositOf,
  type Prices,
  totalOf,
} from '../../domain/charge.ts';
import { later } from '../../domain/clock.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import { leftOf, type PartLine, sumLines } from '../../domain/loan.ts';
import { undoEffect } from '../kernel/call.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import type { UndoList, Undos } from '../kernel/settle.ts';
import { type Answered, humanTask } from '../kernel/tasks.ts';
import { isoNow } from '../kernel/work-file.ts';
import * as messages from '../messages.ts';
import { releaseParts, reserveForSale, type Sale, type SaleStage, type saleTasks } from './sale.ts';
import { documentOf, type WorkDone } from './sign-off.ts';

export type QuoteStage = 'quoting' | 'awaitingQuote' | SaleStage;
type QuotedCase = CaseFile<QuoteStage, PaidRepairPlan>;

/** A quote as it was presented. */
export interface Quote {
  revision: number;
  totalMinor: number;
  validUntil: string;
  lines: ChargeLine[];
  prices: Prices;
}

interface Quoting {
  file: QuotedCase;
  ask: ReturnType<typeof quoteTasks> & ReturnType<typeof saleTasks>;
  undo: UndoList;
  done: WorkDone;
  sale: Sale;
}

/** Who may speak until the price is agreed. */
export function quoteTasks({ work }: QuotedCase) {
  return {
    quote: humanTask(messages.prepareQuote, work),
    quoteAnswer: humanTask(messages.recordQuoteAnswer, work),
  };
}

/** Undone on cancellation: a quote that still binds. */
export const quoteUndos = ({ caseNumber, work }: QuotedCase): Undos => ({
  withdrawQuote: ({ quoteKey = '' }) =>
    undoEffect(
      work,
      'billing',
      'withdrawQuotes',
      { effectKey: `${quoteKey}/undo`, caseNumber, quoteKey },
      'withdraw the quote',
    ),
});

/** Quoted by the published tariff, the parts set aside, until the customer accepts, declines, or lets it end. Changes make a new revision. */
export async function agreeOnQuote(
  quoting: Quoting,
  wanted: PartLine[],
): Promise<Quote | 'quoteDeclined' | 'quoteExpired'> {
  for (let parts = wanted; ; ) {
    const quote = await presentQuote(quoting, parts);
    const answer = await awaitAnswer(quoting, quote);
    if (answer?.decision === 'accepted') return quote;
    await releaseParts(quoting);
    if (!answer) return 'quoteExpired';
    if (answer.decision === 'declined') return 'quoteDeclined';
    parts = answer.expectedParts ?? parts;
  }
}

/** The whole work so far and to come: each visit, the minutes a visit takes, parts handed out before and parts wanted now. */
async function presentQuote(quoting: Quoting, wanted: PartLine[]): Promise<Quote> {
  const { file, ask, done, sale } = quoting;
  file.enter('quoting');
  const parts = sumLines([...sale.issued, ...wanted]);
  const prices = await pricesOf(quoting, parts);
  const visits = done.visits.length + 1;
  const laborMinutes = visits * file.plan.visitMinutes;
  const prepared = await ask.quote.completed({ prices, planned: { visits, laborMinutes, parts } });
  done.documents.push(...documentOf(prepared));
  await reserveForSale(quoting, leftOf(partsOn(prepared.lines), sale.issued));
  return present(quoting, prepared.lines, prices);
}

async function pricesOf({ file, sale }: Quoting, parts: PartLine[]): Promise<Prices> {
  const { tariff } = file.plan;
  const partNumbers = parts.map(({ partNumber }) => partNumber);
  const priced = await file.call(
    'billing',
    'priceParts',
    { tariffVersion: tariff.version, partNumbers },
    `prices of tariff ${tariff.version}`,
  );
  return { ...tariff, parts: priced, partsFree: sale.partsFree };
}

const partsOn = (lines: ChargeLine[]): PartLine[] =>
  lines.flatMap(({ partNumber, quantity }) => (partNumber ? [{ partNumber, quantity }] : []));

async function present(
  { file, undo }: Quoting,
  lines: ChargeLine[],
  prices: Prices,
): Promise<Quote> {
  const { currency, version } = prices;
  const presentedAt = isoNow();
  const amount = amountText(totalOf(lines), currency);
  undo.add('withdrawQuote', { quoteKey: file.keyOfNext('billing.presentQuote') });
  const { revision, totalMinor, validUntil } = await file.call(
    'billing',
    'presentQuote',
    {
      tariffVersion: version,
      currency,
      lines,
      presentedAt,
      validUntil: later(presentedAt, file.plan.quote.validForMs),
    },
    `quote over ${amount}`,
  );
  file.know({ quote: { revision, totalMinor, currency, validUntil } });
  file.tellCustomer('quotePresented', { revision, amount, validUntil });
  return { revision, totalMinor, validUntil, lines, prices };
}

/** The case is on hold while the customer decides; the customer is reminded once before the quote ends. Null: it ended without an answer. */
async function awaitAnswer(
  { file, ask, done }: Quoting,
  { revision, totalMinor, validUntil, prices }: Quote,
): Promise<Answered<'recordQuoteAnswer'> | null> {
  const { currency } = prices;
  file.enter('awaitingQuote');
  file.hold('awaitingQuote');
  const amount = amountText(totalMinor, currency);
  const remind = () => file.tellCustomer('quoteReminder', { revision, amount, validUntil });
  const answer = await ask.quoteAnswer.completedBy(
    validUntil,
    { revision, totalMinor, currency, validUntil },
    { reminders: [{ at: later(validUntil, -file.plan.quote.remindBeforeMs), say: remind }] },
  );
  if (answer) done.documents.push(...documentOf(answer));
  const status = answer ? settledAs[answer.decision] : 'expired';
  const at = answer?.answeredAt ?? validUntil;
  await file.call(
    'billing',
    'settleQuote',
    { revision, status, at },
    `quote ${revision} ${status}`,
  );
  return answer;
}

const settledAs = {
  accepted: 'accepted',
  declined: 'declined',
  changesWanted: 'superseded',
} as const;

/** What is still to be paid before the work, of a quote of which so many percent are asked first; 0 when nothing is. */
export const depositDue = (quote: Quote, percent: number | null, paidMinor: number): number =>
  percent === null ? 0 : Math.max(0, depositOf(quote.totalMinor, percent) - paidMinor);
