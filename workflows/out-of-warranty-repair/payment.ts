/** Money in and money back: deposit, payment, refund (FLOW-ARR, FLOW-CHARGE). */
import { amountText } from '../../domain/charge.ts';
import { later } from '../../domain/clock.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { Given } from '../case-file/effects.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow } from '../kernel/run.ts';
import type { Account } from './account.ts';
import { depositDue, type Quote } from './quote.ts';

export type PaymentStage = 'collectingDeposit' | 'collectingPayment';
type PaidCase = CaseFile<PaymentStage, PaidRepairPlan>;

interface Paying {
  file: PaidCase;
  undo: UndoList;
  account: Account;
}

/** Undone on cancellation: what was paid goes back. */
export const paymentUndos = (file: PaidCase): Undos => ({
  async refund({ paymentKey = '' }) {
    const request = {
      effectKey: `${paymentKey}/undo`,
      caseNumber: file.caseNumber,
      amountMinor: null,
      bars: paymentKey,
      reason: 'canceled',
      at: isoNow(),
    };
    const given = await file.undo('billing', 'refund', request, 'give the money back');
    const { refundedMinor } = given as Given<'billing', 'refund'>;
    if (refundedMinor > 0) file.know({ paidMinor: 0 });
    sayRefunded(file, refundedMinor);
  },
});

function sayRefunded(file: PaidCase, minor: number): void {
  const amount = amountText(minor, file.plan.tariff.currency);
  if (minor > 0) file.tellCustomer('refunded', { amount });
}

/** Who is served against payment pays so much of the quote before the work (FLOW-ARR). The case is on hold until then. */
export async function collectDeposit(paying: Paying, quote: Quote): Promise<void> {
  const { file, account } = paying;
  account.accepted = quote;
  const due = depositDue(quote, account.depositPercent, account.paidMinor);
  if (due === 0) return;
  file.enter('collectingDeposit');
  file.tellCustomer('paymentDue', {
    amount: amountText(due, quote.prices.currency),
    purpose: 'deposit',
  });
  await collect(paying, 'recordDeposit', {
    targetMinor: account.paidMinor + due,
    beforeWork: true,
  });
}

/** What is left of the invoice is paid, unless a supervisor waives it by name; what was paid too much goes back. */
export async function settleInvoice(paying: Paying): Promise<void> {
  const { file, account } = paying;
  if (!account.invoice) return;
  const { totalMinor } = account.invoice;
  const due = totalMinor - account.paidMinor;
  const waived = await file.remember('chargeWaived', () => file.isWaived('charge'));
  if (due < 0) await giveBack(paying, -due, 'overpaid');
  if (due > 0 && !waived) {
    const amount = amountText(due, file.plan.tariff.currency);
    file.enter('collectingPayment');
    file.tellCustomer('paymentDue', { amount, purpose: 'invoice' });
    await collect(paying, 'recordPayment', { targetMinor: totalMinor, beforeWork: false });
  }
  file.unblock('charge');
}

interface Collecting {
  targetMinor: number;
  /** The case is on hold meanwhile. */
  beforeWork: boolean;
}

/** Payments come in, in parts if need be, until the target is reached or a supervisor waives the rest. The customer is reminded when
 *  so long nothing came. */
async function collect(
  paying: Paying,
  task: 'recordDeposit' | 'recordPayment',
  { targetMinor, beforeWork }: Collecting,
): Promise<void> {
  const { file, account } = paying;
  const { currency } = file.plan.tariff;
  const purpose = beforeWork ? 'deposit' : 'invoice';
  const due = () => targetMinor - account.paidMinor;
  const remind = () =>
    file.tellCustomer('paymentDue', { amount: amountText(due(), currency), purpose });
  const unless = () => file.isWaived('charge');
  for (let since = await file.remember(`${purpose} due from`, isoNow); due() > 0; ) {
    if (beforeWork) file.hold('awaitingCustomer');
    const context = { dueMinor: due(), currency, booked: [...account.receipts] };
    const reminders = [{ at: later(since, file.plan.remindAfterMs.payment), say: remind }];
    const { answer: paid } = await file.askUntilTaken(
      () => file.askUnless(task, context, { reminders, unless }),
      (paid) => bookPayment(paying, paid),
    );
    if (!paid) return;
    since = paid.answeredAt;
  }
}

type Paid = Answered<'recordDeposit'> | Answered<'recordPayment'>;

async function bookPayment({ file, undo, account }: Paying, paid: Paid | null): Promise<void> {
  if (!paid) return;
  const { amountMinor, method, receiptNumber, settlesArrears = false } = paid;
  const { currency } = file.plan.tariff;
  const amount = amountText(amountMinor, currency);
  undo.add('refund', { paymentKey: file.keyOfNext('billing.recordPayment') });
  await file.call(
    'billing',
    'recordPayment',
    {
      customerNumber: file.plan.customerNumber,
      amountMinor,
      currency,
      method,
      receiptNumber,
      settlesArrears,
      at: paid.answeredAt,
    },
    `${amount} paid${settlesArrears ? ', arrears settled' : ''}`,
    { correctable: true },
  );
  account.paidMinor += amountMinor;
  account.receipts.push(receiptNumber);
  file.know({ paidMinor: account.paidMinor });
  file.tellCustomer('paymentReceived', { amount, receiptNumber });
}

export async function giveBack(
  { file, account }: Pick<Paying, 'file' | 'account'>,
  amountMinor: number,
  reason: 'overpaid' | 'workFailed',
): Promise<void> {
  const request = { amountMinor, bars: null, reason, at: isoNow() };
  const { refundedMinor } = await file.call('billing', 'refund', request, `refund: ${reason}`, {
    without: { give: { refundedMinor: 0 } },
  });
  account.paidMinor -= refundedMinor;
  file.know({ paidMinor: account.paidMinor });
  sayRefunded(file, refundedMinor);
}
