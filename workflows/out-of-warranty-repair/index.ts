import {
  outOfWarrantyRepairFlow,
  type PaidRepairOutcome,
  type PaidRepairStage,
} from '../../domain/flows/out-of-warranty-repair/flow.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { PartLine } from '../../domain/loan.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { type CaseFile, openFile, settleCase } from '../case-file/index.ts';
import type { Settled, UndoList, Undos } from '../case-file/settle.ts';
import { acceptCase } from '../repair/acceptance.ts';
import { judgeByPhone } from '../repair/phone.ts';
import { nothingDone, serveOnSite } from '../repair/service.ts';
import { documentOf, signAndRate, type WorkDone, writeRecord } from '../repair/sign-off.ts';
import {
  fileAway,
  fileUnserved,
  planFurtherService,
  verifyWithCustomer,
} from '../repair/verification.ts';
import { cancelVisit, finishVisit, forEngineer, goThere } from '../repair/visit.ts';
import { type Account, emptyAccount } from './account.ts';
import { charge, chargeUndos, settleProvider, takeChargesBack } from './charging.ts';
import { decideArrears, decideSpecialUser } from './decisions.ts';
import { collectDeposit, paymentUndos, settleInvoice } from './payment.ts';
import { agreeOnQuote, quoteUndos } from './quote.ts';
import {
  carried,
  handOutParts,
  nothingSold,
  type Sale,
  saleUndos,
  settleParts,
  termsOf,
} from './sale.ts';

/** Out-of-warranty repair, FLOW-OW with FLOW-ARR, FLOW-SPEC, FLOW-CHARGE, FLOW-PF-OW. Endings: repaired | repairedByPhone |
 *  quoteDeclined | quoteExpired | serviceRefused | madeSafe | endedUnsatisfied, or closed by a supervisor.
 *  Undone on cancellation: the quote, the parts set aside or handed out and not fitted, the visit, the invoice, what was paid. */
export async function outOfWarrantyRepair(opened: OpenedCase<PaidRepairPlan>): Promise<Settled> {
  const file = openFile<PaidRepairStage, PaidRepairPlan>(outOfWarrantyRepairFlow, opened);
  const done = nothingDone(file.plan.faultCode);
  const sale = nothingSold(file.plan.entitlement.verdict === 'contract' ? 'contract' : 'charged');

  return settleCase(
    file,
    undosOf(file, done, sale),
    (outcome) => (unserved.includes(outcome) ? fileUnserved : fileAway)(file, done, outcome),
    async (undo) => {
      const repair = begun(file, undo, done, sale);
      acceptCase(file);
      const { decision, depositPercent } = await decideArrears(file);
      if (decision === 'refuse') return refuseService(file);
      const serve = decision === 'safetyOnly' ? makeSafe : repairMachine;
      repair.account.depositPercent = depositPercent;
      sale.partsFree = await decideSpecialUser(file);

      let way = await judgeByPhone(repair);
      for (let round = 1; ; round += 1) {
        const outcome = way.kind === 'visit' ? await serve(repair, way.borrow) : 'repairedByPhone';
        if (isUnagreed(outcome)) return endUnrepaired(repair, outcome, round);
        const satisfied = way.kind === 'advice' || (await recordChargeAndSign(repair, round));
        if (satisfied && (await completedAndVerified(repair, outcome))) return outcome;

        const further = await planFurtherService(file, round);
        if (!further) return endUnsatisfied(repair);
        way = serveAgain(repair, further.expectedParts);
      }
    },
  );
}

const unserved = ['serviceRefused', 'quoteDeclined', 'quoteExpired'];

type PaidCase = CaseFile<PaidRepairStage, PaidRepairPlan>;

interface PaidRepair {
  file: PaidCase;
  undo: UndoList;
  done: WorkDone;
  /** Parts that the customer has at hand. */
  customerParts: PartLine[];
  sale: Sale;
  account: Account;
  partsForSale: () => PartLine[];
  customerPays: () => boolean;
}

const begun = (file: PaidCase, undo: UndoList, done: WorkDone, sale: Sale): PaidRepair => ({
  ...{ file, undo, done, sale, customerParts: [], account: emptyAccount() },
  partsForSale: () => carried({ sale, done }),
  customerPays: () => termsOf(sale) !== 'contract',
});

const undosOf = (file: PaidCase, done: WorkDone, sale: Sale): Undos => ({
  ...quoteUndos(file),
  ...saleUndos(file, done, sale),
  cancelVisit: cancelVisit(file),
  ...paymentUndos(file),
  ...chargeUndos(file),
});

/** A supervisor does not let the customer be served until what is owed is paid (FLOW-ARR). */
function refuseService(file: PaidCase): PaidRepairOutcome {
  file.tellCustomer('serviceRefused');
  file.move('contact');
  file.meetClock('response');
  file.move('resolve');
  return 'serviceRefused';
}

/** Why nobody goes. */
type Unagreed = 'quoteDeclined' | 'quoteExpired';
const isUnagreed = (outcome: PaidRepairOutcome): outcome is Unagreed =>
  outcome === 'quoteDeclined' || outcome === 'quoteExpired';

/** The price is agreed, parts are handed out, engineers go until the machine runs. What a maintenance contract turns out not to cover is
 *  the customer's to pay: it is quoted then. */
async function repairMachine(
  repair: PaidRepair,
  needed: PartLine[],
): Promise<'repaired' | Unagreed> {
  const provide = (lines: PartLine[]) => provideParts(repair, lines);
  let result = await serveOnSite<Unagreed>(repair, needed, provide);
  while (result === 'notCovered') {
    repair.sale.payer = 'charged';
    result = await serveOnSite<Unagreed>(repair, [], provide);
  }
  return result;
}

/** Before the first visit, and again when more parts are needed, the customer agrees to the price; a contract and failed work ask for none. */
async function provideParts(repair: PaidRepair, lines: PartLine[]): Promise<Unagreed | undefined> {
  const { sale, account } = repair;
  const asksPrice = termsOf(sale) === 'charged' && (!account.accepted || lines.length > 0);
  if (!asksPrice) return handOutParts(repair, lines);
  const quote = await agreeOnQuote(repair, lines);
  if (typeof quote === 'string') return quote;
  await collectDeposit(repair, quote);
  return handOutParts(repair, []);
}

/** A customer in arrears is served for safety only: the machine is made safe, not repaired, and nothing is charged. */
async function makeSafe({ file, undo, done }: PaidRepair): Promise<'madeSafe'> {
  const visit = await goThere(file, undo);
  done.visits.push(visit.engineerNumber);
  file.enter('makingSafe');
  const safe = await file.ask('reportMadeSafe', {}, forEngineer(file));
  done.remedyCode = safe.remedyCode;
  done.documents.push(...documentOf(safe));
  await finishVisit(file, visit, 'completed');
  return 'madeSafe';
}

/** Service record, fee breakdown and invoice, signature, rating, copy 4. True when satisfied. */
async function recordChargeAndSign(repair: PaidRepair, round: number): Promise<boolean> {
  const { file, done } = repair;
  const record = await writeRecord(file, done, round);
  await charge(repair, record.laborMinutes);
  return signAndRate(file, record);
}

/** The work is completed: the customer hears the result (M05), says what becomes of the old parts, and pays; the provider is settled with. */
async function complete(repair: PaidRepair, outcome: PaidRepairOutcome): Promise<void> {
  repair.file.move('resolve');
  repair.file.tellCustomer('resultReport', { outcome });
  await settleParts(repair);
  await settleInvoice(repair);
  await settleProvider(repair);
}

/** Completed is not closed: the customer is called. False sends the case back to service. */
async function completedAndVerified(
  repair: PaidRepair,
  outcome: PaidRepairOutcome,
): Promise<boolean> {
  await complete(repair, outcome);
  return (await verifyWithCustomer(repair.file)) === 'settled';
}

/** No agreement on the price: what was done on site before is recorded, charged as it was accepted, and signed; nobody is called back. */
async function endUnrepaired(
  repair: PaidRepair,
  outcome: Unagreed,
  round: number,
): Promise<Unagreed> {
  if (repair.done.visits.length > 0) await recordChargeAndSign(repair, round);
  await complete(repair, outcome);
  return outcome;
}

/** Another visit; who was served on site before does not pay again. */
function serveAgain({ sale, done }: PaidRepair, borrow: PartLine[]) {
  sale.isRework = done.visits.length > 0;
  return { kind: 'visit' as const, borrow };
}

/** The work failed for good: the invoice is void and the money goes back; what was sold and not needed comes in. */
async function endUnsatisfied(repair: PaidRepair): Promise<PaidRepairOutcome> {
  repair.file.move('resolve');
  await settleParts(repair);
  await takeChargesBack(repair);
  await settleProvider(repair);
  return 'endedUnsatisfied';
}
