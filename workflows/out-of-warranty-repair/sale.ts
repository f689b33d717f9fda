/** Parts that a customer buys: reserved at the quote, handed out, fitted, the rest back; and what becomes of the old ones (FLOW-OW, FLOW-PF-OW). */

import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { UsedLine } from '../../domain/loan.ts';
import { leftOf, type PartLine, sumLines } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import type { WorkDone } from '../repair/sign-off.ts';
import { reserveParts } from '../repair/stock.ts';
import { goOn } from '../repair/visit.ts';

export type SaleStage = 'reservingParts' | 'handingOutParts' | 'handlingOldParts';
type SaleCase = CaseFile<SaleStage, PaidRepairPlan>;

/** Who pays for the case: the customer, or a maintenance contract. */
export type Payer = 'charged' | 'contract';

/** The parts of one case that are, or are to be, the customer's. */
export interface Sale {
  payer: Payer;
  /** Failed work is done again: who was served on site before does not pay for it. */
  isRework: boolean;
  /** For a special user (FLOW-SPEC). */
  partsFree: boolean;
  /** Set aside and not handed out yet. */
  reserved: { key: string; lines: PartLine[] } | null;
  /** Handed out to engineers, less what came back. */
  issued: PartLine[];
  /** How many of the lines used the customer was asked about. */
  asked: number;
}

interface Selling {
  file: SaleCase;
  undo: UndoList;
  done: WorkDone;
  sale: Sale;
}

export const nothingSold = (payer: Payer): Sale => ({
  payer,
  isRework: false,
  partsFree: false,
  reserved: null,
  issued: [],
  asked: 0,
});

/** On what terms parts are handed out now. */
export const termsOf = ({ payer, isRework }: Sale): Payer | 'rework' =>
  isRework ? 'rework' : payer;

/** Parts fitted that were drawn for sale. */
export const soldAndUsed = ({ used }: Pick<WorkDone, 'used'>): PartLine[] =>
  sumLines(used.filter(({ source }) => source === 'sale').map(plain));

/** What the engineer has at hand for sale. */
export const carried = ({ sale, done }: Pick<Selling, 'sale' | 'done'>): PartLine[] =>
  leftOf(sale.issued, soldAndUsed(done));

const plain = ({ partNumber, quantity }: PartLine): PartLine => ({ partNumber, quantity });

/** Undone on cancellation: what is reserved is released, what was handed out and not fitted goes back on the books. */
export const saleUndos = (file: SaleCase, done: WorkDone, sale: Sale): Undos => ({
  async endSale({ reservationKey = '' }) {
    const { territory } = file.plan;
    if (carried({ sale, done }).length > 0)
      file.tell('soldPartsComeBack', { kind: 'role', role: 'partsKeeper', territory });
    const release = { effectKey: `${reservationKey}/undo`, reservationKey };
    await file.undo('parts', 'release', release, 'release the parts');
    const kept = soldAndUsed(done);
    sale.issued = kept;
    const back = { effectKey: `${reservationKey}/back`, caseNumber: file.caseNumber, kept };
    await file.undo('parts', 'takeBackSold', back, 'take back what was not fitted');
  },
});

/** Sets the parts aside for the customer. */
export async function reserveForSale(selling: Selling, lines: PartLine[]): Promise<void> {
  const { file, undo, sale } = selling;
  if (lines.length === 0) return;
  file.enter('reservingParts');
  const beforehand = (key: string) => undo.add('endSale', { reservationKey: key });
  const reserved = await reserveParts(file, { lines, beforehand });
  sale.reserved = reserved && { key: reserved.reservationKey, lines };
}

/** Nobody buys them: they are free for others. */
export async function releaseParts({ file, sale }: Selling): Promise<void> {
  if (!sale.reserved) return;
  const { key } = sale.reserved;
  sale.reserved = null;
  await file.call('parts', 'release', { reservationKey: key }, 'release the parts', goOn);
}

/** The stock issue: what was set aside, and what is to be set aside now, is handed to the engineer who goes and signs for it. */
export async function handOutParts(selling: Selling, more: PartLine[]): Promise<undefined> {
  const { file, sale } = selling;
  if (!sale.reserved && more.length === 0) return;
  await reserveForSale(selling, more);
  if (!sale.reserved) return;
  file.enter('handingOutParts');
  const { key, lines } = sale.reserved;
  const named = lines.map(({ partNumber, quantity }) => `${quantity} × ${partNumber}`).join(', ');
  await file.askUntilTaken(
    () => file.ask('handOutParts', { lines, receivedBy: file.assignee() }),
    ({ receivedBy }) =>
      file.call(
        'parts',
        'issueSale',
        { reservationKey: key, terms: termsOf(sale), receivedBy },
        `hand out ${named}`,
        { correctable: true },
      ),
  );
  sale.reserved = null;
  sale.issued.push(...lines);
  blockOverParts(file);
}

const blockOverParts = (file: SaleCase): void =>
  file.block({ kind: 'soldParts', id: 'soldParts', waivable: true });

/** The customer keeps or hands over each old part; what is handed over, and what was sold and not needed, comes in. */
export async function settleParts(selling: Selling): Promise<void> {
  const { file, done, sale } = selling;
  const oldParts = done.used.slice(sale.asked).map(withSerials);
  const unused = carried(selling);
  sale.asked = done.used.length;
  if (oldParts.length > 0 || unused.length > 0) {
    file.enter('handlingOldParts');
    blockOverParts(file);
    const handedOver = oldParts.length > 0 ? await askAboutOldParts(selling, oldParts) : [];
    if (handedOver.length > 0 || unused.length > 0) await takeIn(selling, unused, handedOver);
  }
  file.unblock('soldParts');
}

const withSerials = ({ partNumber, quantity, oldPartSerials }: UsedLine): UsedLine => ({
  partNumber,
  quantity,
  oldPartSerials,
});

async function askAboutOldParts({ file }: Selling, oldParts: UsedLine[]): Promise<UsedLine[]> {
  const { answer } = await file.askUntilTaken(
    () => file.ask('recordOldPartChoice', { oldParts }, { assignee: file.assignee() }),
    ({ keep, handOver }) =>
      file.call(
        'billing',
        'recordOldPartChoices',
        { keep, handOver },
        `${keep.length} lines kept, ${handOver.length} handed over`,
        { correctable: true, without: { give: undefined } },
      ),
  );
  return answer.handOver;
}

/** A supervisor may waive it by name; then the parts stay where they are. */
async function takeIn(selling: Selling, unused: PartLine[], oldParts: UsedLine[]): Promise<void> {
  const { file, done, sale } = selling;
  const unless = () => file.isWaived('soldParts');
  const { territory } = file.plan;
  const kept = soldAndUsed(done);
  const terms = { correctable: true, without: { give: undefined, waives: 'soldParts' } };
  await file.askUntilTaken(
    () => file.askUnless('takeInParts', { unused, oldParts }, { unless }),
    async (taken) => {
      if (!taken) return;
      const { disposal, handedOver: lines } = taken;
      if (unused.length > 0) {
        await file.call('parts', 'takeBackSold', { kept }, 'unused parts back on the shelf', terms);
        sale.issued = kept;
      }
      if (lines.length === 0) return;
      const handedOver = { territory, disposal, lines };
      await file.call('parts', 'receiveHandedOver', handedOver, `old parts: ${disposal}`, terms);
    },
  );
}
