/** What the customer pays in the end: fee breakdown, invoice, payment, refund, and what the provider is paid by (FLOW-CHARGE, FLOW-SETTLE). */
import { amountText, type ChargeLine, totalOf } from '../../domain/charge.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import { isoNow } from '../kernel/run.ts';
import type { WorkDone } from '../repair/sign-off.ts';
import { goOn } from '../repair/visit.ts';
import type { Account } from './account.ts';
import { giveBack, type PaymentStage } from './payment.ts';
import type { Quote } from './quote.ts';
import { type Sale, soldAndUsed } from './sale.ts';

export type ChargeStage = 'charging' | PaymentStage;
type ChargedCase = CaseFile<ChargeStage, PaidRepairPlan>;

interface Charging {
  file: ChargedCase;
  undo: UndoList;
  done: WorkDone;
  sale: Sale;
  account: Account;
}

/** Undone on cancellation: the invoice is void. */
export const chargeUndos = (file: ChargedCase): Undos => ({
  voidInvoice: ({ invoiceKey = '' }) =>
    file.undo(
      'billing',
      'voidInvoice',
      {
        effectKey: `${invoiceKey}/undo`,
        caseNumber: file.caseNumber,
        invoiceKey,
        reason: 'canceled',
        at: isoNow(),
      },
      'void the invoice',
    ),
});

/** The fee breakdown, gone through with the customer: by the tariff, no more than was accepted, the parts those of the stock issue. The
 *  invoice follows from it. Failed work that is done again is not charged again. */
export async function charge(charging: Charging, laborMinutes: number): Promise<void> {
  const { file, done, account } = charging;
  const { accepted } = account;
  noteRound(charging, laborMinutes);
  if (!accepted || account.invoice) return;
  file.enter('charging');
  const quoted = (item: ChargeLine['item']) =>
    accepted.lines.find((line) => line.item === item)?.quantity ?? 0;
  const work = {
    visits: Math.min(quoted('visit'), done.visits.length),
    laborMinutes: Math.min(quoted('labor'), laborMinutes),
    parts: soldAndUsed(done),
  };
  const context = { prices: accepted.prices, done: work };
  await file.askUntilTaken(
    () => file.ask('confirmCharges', context, { assignee: file.assignee() }),
    async ({ lines }) => {
      if (totalOf(lines) > 0) await invoice(charging, accepted, lines);
    },
  );
}

async function invoice(
  { file, undo, account }: Charging,
  { revision, prices }: Quote,
  lines: ChargeLine[],
): Promise<void> {
  const { currency, version: tariffVersion } = prices;
  const drawn = lines.some(({ item }) => item === 'part') ? await stockIssue(file) : undefined;
  const key = file.keyOfNext('billing.issueInvoice');
  const amount = amountText(totalOf(lines), currency);
  undo.add('voidInvoice', { invoiceKey: key });
  const terms = { tariffVersion, quoteRevision: revision, currency, lines, issuedAt: isoNow() };
  const { invoiceNumber, totalMinor } = await file.call(
    'billing',
    'issueInvoice',
    { ...terms, ...(drawn && { drawn }) },
    `invoice over ${amount}`,
    { correctable: true },
  );
  account.invoice = { number: invoiceNumber, key, totalMinor };
  file.know({ invoice: { invoiceNumber, totalMinor, currency } });
  file.block({ kind: 'openCharge', id: 'charge', waivable: true });
  file.tellCustomer('invoiceIssued', { invoiceNumber, amount });
}

/** What the parts service says that the case was sold: no part is billed that was not. Gone on without, our own ledger says it. */
const stockIssue = (file: ChargedCase): Promise<PartLine[] | undefined> =>
  file.call('parts', 'soldTo', {}, 'what was sold', { without: { give: undefined } });

/** The work failed for good: the invoice is void, and what was paid goes back (FLOW-OW). */
export async function takeChargesBack(charging: Charging): Promise<void> {
  const { file, account } = charging;
  if (account.invoice) {
    const { key: invoiceKey, number } = account.invoice;
    const request = { invoiceKey, reason: 'workFailed', at: isoNow() };
    await file.call('billing', 'voidInvoice', request, `void ${number}`, goOn);
  }
  if (account.paidMinor > 0) await giveBack(charging, account.paidMinor, 'workFailed');
  file.unblock('charge');
}

/** Each round is settled with who did it: the record that was just written names the minutes. */
function noteRound({ done, account }: Charging, laborMinutes: number): void {
  const { visits, used } = account.recorded;
  account.recorded = { visits: done.visits.length, used: done.used.length };
  const engineerNumber = done.visits.slice(visits).at(-1);
  if (!engineerNumber) return; // nobody went: the customer was guided
  const parts = soldAndUsed({ used: done.used.slice(used) });
  account.unsettled.push({ engineerNumber, laborMinutes, parts });
}

/** Engineers' providers are paid once for each round of service: for a special user as in warranty (FLOW-SPEC, FLOW-SETTLE). */
export async function settleProvider({ file, sale, account }: Charging): Promise<void> {
  const otherwise = sale.payer === 'contract' ? 'contract' : 'outOfWarranty';
  const basis = sale.partsFree ? 'inWarranty' : otherwise;
  for (const work of account.unsettled.splice(0)) {
    const summary = `settle ${work.engineerNumber} as ${basis}`;
    const settled = await file.call('billing', 'settleProvider', { ...work, basis }, summary, {
      without: { give: null },
    });
    if (settled) file.know({ settlement: { settlementNumber: settled.settlementNumber, basis } });
  }
}
