import type { ChargeLine } from '../../../domain/charge.ts';
import type { NewCase } from '../../../services/cases/open-row.ts';
import { type databaseOfThisFile, openedCase } from '../fixtures.ts';

export const at = '2026-11-22T09:00:00.000Z';
export const later = '2026-11-22T10:00:00.000Z';
export const visit: ChargeLine = { item: 'visit', quantity: 1, unitPriceMinor: 15_000 };

type Database = Pick<ReturnType<typeof databaseOfThisFile>, 'stores'>;

/** Opens a case in the database of a test file: its money, under keys of its own. */
export async function openPaid({ stores }: Database, more: Partial<NewCase> = {}) {
  const caseNumber = await openedCase(stores, more);
  const { billing } = stores;
  const under = (key: string) => ({ effectKey: `${caseNumber}/${key}`, caseNumber });
  const bill = { tariffVersion: 1, quoteRevision: null, currency: 'CNY', lines: [visit] };
  return {
    caseNumber,
    billing,
    under,
    quote: (key: string, lines = [visit], presentedAt = at) =>
      billing.effects.presentQuote({
        ...under(key),
        tariffVersion: 1,
        currency: 'CNY',
        lines,
        presentedAt,
        validUntil: '2026-11-29T09:00:00.000Z',
      }),
    invoice: (key: string, lines = [visit], issuedAt = at) =>
      billing.effects.issueInvoice({ ...under(key), ...bill, lines, issuedAt }),
    pay: (key: string, amountMinor = 10_000, more = {}) =>
      billing.effects.recordPayment({
        ...under(key),
        customerNumber: 'CU-1002',
        amountMinor,
        currency: 'CNY',
        method: 'cash',
        receiptNumber: 'RC-1',
        settlesArrears: false,
        at,
        ...more,
      }),
    refund: (key: string, amountMinor: number | null = null, bars: string | null = null) =>
      billing.effects.refund({ ...under(key), amountMinor, bars, reason: 'canceled', at }),
    charges: () => billing.questions.charges(caseNumber),
  };
}
