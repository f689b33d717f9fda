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
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow } from '../kernel/run.ts';
import { documentOf, type WorkDone } from '../repair/sign-off.ts';
import { goOn } from '../repair/visit.ts';
import { releaseParts, reserveForSale, type Sale, type SaleStage } from './sale.ts';

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
  undo: UndoList;
  done: WorkDone;
  sale: Sale;
}

/** Undone on cancellation: a quote that still binds. */
export const quoteUndos = (file: QuotedCase): Undos => ({
  withdrawQuote: ({ quoteKey = '' }) =>
    file.undo(
      'billing',
      'withdrawQuotes',
      { effectKey: `${quoteKey}/undo`, caseNumber: file.caseNumber, quoteKey },
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
  const { file, done, sale } = quoting;
  file.enter('quoting');
  const parts = sumLines([...sale.issued, ...wanted]);
  const prices = await pricesOf(quoting, parts);
  const visits = done.visits.length + 1;
  const laborMinutes = visits * file.plan.visitMinutes;
  const context = { prices, planned: { visits, laborMinutes, parts } };
  const { answer, taken } = await file.askUntilTaken(
    () => file.ask('prepareQuote', context),
    async ({ lines }) => {
      await releaseParts(quoting);
      await reserveForSale(quoting, leftOf(partsOn(lines), sale.issued));
      return present(quoting, lines, prices);
    },
  );
  done.documents.push(...documentOf(answer));
  return taken;
}

async function pricesOf({ file, sale }: Quoting, parts: PartLine[]): Promise<Prices> {
  const { tariff } = file.plan;
  const partNumbers = parts.map(({ partNumber }) => partNumber);
  const priced = await file.call(
    'billing',
    'priceParts',
    { tariffVersion: tariff.version, partNumbers },
    `prices of tariff ${tariff.version}`,
    { without: { give: [] } },
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
    { correctable: true },
  );
  file.know({ quote: { revision, totalMinor, currency, validUntil } });
  file.tellCustomer('quotePresented', { revision, amount, validUntil });
  return { revision, totalMinor, validUntil, lines, prices };
}

/** The case is on hold while the customer decides; the customer is reminded once before the quote ends. Null: it ended without an answer. */
async function awaitAnswer(
  { file, done }: Quoting,
  { revision, totalMinor, validUntil, prices }: Quote,
): Promise<Answered<'recordQuoteAnswer'> | null> {
  const { currency } = prices;
  file.enter('awaitingQuote');
  file.hold('awaitingQuote');
  const amount = amountText(totalMinor, currency);
  const remind = () => file.tellCustomer('quoteReminder', { revision, amount, validUntil });
  const answer = await file.askUnless(
    'recordQuoteAnswer',
    { revision, totalMinor, currency, validUntil },
    {
      expiresAt: validUntil,
      reminders: [{ at: later(validUntil, -file.plan.quote.remindBeforeMs), say: remind }],
    },
  );
  if (answer) done.documents.push(...documentOf(answer));
  const status = answer ? settledAs[answer.decision] : 'expired';
  const at = answer?.answeredAt ?? validUntil;
  await file.call(
    'billing',
    'settleQuote',
    { revision, status, at },
    `quote ${revision} ${status}`,
    goOn,
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
