/** The end of a service on site or by phone: record, claim, signature, rating, parts handed in (FLOW-IW 10–14, FLOW-PF-IW). */

import type { Answer } from '../../domain/flows/tasks.ts';
import type { UsedLine } from '../../domain/loan.ts';
import { isSatisfied } from '../../domain/satisfaction.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import { loansCleared } from './loans.ts';

export type RecordStage = 'writingRecord' | 'signingOff';
export type SignOffStage = RecordStage | 'claimingWarranty' | 'returningParts';
type RecordedCase = CaseFile<RecordStage>;
type SignOffCase = CaseFile<SignOffStage>;

/** What was done, for the record: codes, quantities, and the documents that hold the words. */
export interface WorkDone {
  faultCode: string;
  causeCode: string | null;
  remedyCode: string | null;
  /** Parts fitted, over all rounds of service. */
  used: (UsedLine & { source: 'loan' | 'customer' | 'sale' })[];
  /** How many of `used` a warranty claim was filed for. */
  claimed: number;
  /** Old parts of the customer's own new ones, still to be handed in. */
  coresToBringIn: UsedLine[];
  machineRuns: boolean;
  /** What a review found at the bottom of it; null before one, and in flows without one. */
  rootCause: Answer<'reviewEmergency'>['rootCause'] | null;
  documents: string[];
  /** Engineer numbers of the visits made, in order: those on which somebody was there. */
  visits: string[];
}

interface ServiceRecord {
  version: number;
  digest: string;
}
/** A record that was just written, with the minutes that it names. */
export interface WrittenRecord extends ServiceRecord {
  laborMinutes: number;
}

/** The service record of this round, a new version each time; what is signed is this version by its digest (N15). */
export async function writeRecord(
  file: RecordedCase,
  done: WorkDone,
  round: number,
): Promise<WrittenRecord> {
  file.enter('writingRecord');
  const { documents, coresToBringIn: _, claimed: __, rootCause: ___, ...facts } = done;
  const { answer, taken: record } = await file.askUntilTaken(
    () => file.ask('writeServiceRecord', {}, { assignee: file.assignee() }),
    ({ laborMinutes, document }) =>
      file.call(
        'records',
        'createServiceRecord',
        {
          round,
          documents: [...documents, ...documentOf({ document })],
          facts: { ...facts, laborMinutes },
        },
        `service record of round ${round}`,
        { correctable: true },
      ),
  );
  file.know({ serviceRecord: record });
  return { ...record, laborMinutes: answer.laborMinutes };
}

interface Claiming {
  file: SignOffCase;
  undo: UndoList;
  done: WorkDone;
}

/** The formal claim for the replaced parts, on every path that used one, before the user signs (FLOW-IW 11). A drill claims nothing. */
export async function claimWarranty({ file, undo, done }: Claiming): Promise<void> {
  const usedParts = done.used.slice(done.claimed).map(plainLine);
  done.claimed = done.used.length;
  if (usedParts.length === 0 || file.plan.drill) return;
  file.enter('claimingWarranty');
  const { taken: claim } = await file.askUntilTaken(
    () => file.ask('fileWarrantyClaim', { usedParts }, { assignee: file.assignee() }),
    ({ slipNumber, lines }) => {
      undo.add('withdrawClaim', { claimKey: file.keyOfNext('records.registerWarrantyClaim') });
      return file.call(
        'records',
        'registerWarrantyClaim',
        { slipNumber, lines },
        `warranty claim against ${slipNumber}`,
        { correctable: true, without: { give: null } },
      );
    },
  );
  if (claim) file.know({ warrantyClaim: claim.claimNumber });
}

/** The undo of a claim; harmless when it never came. */
export const withdrawClaim =
  (file: Pick<SignOffCase, 'undo' | 'caseNumber'>): Undos[string] =>
  ({ claimKey = '' }) =>
    file.undo(
      'records',
      'withdrawWarrantyClaim',
      {
        effectKey: `${claimKey}/undo`,
        caseNumber: file.caseNumber,
        claimKey,
        reason: 'canceled',
      },
      'withdraw the warranty claim',
    );

const plainLine = ({ partNumber, quantity, oldPartSerials }: UsedLine): UsedLine => ({
  partNumber,
  quantity,
  oldPartSerials,
});

/** The user signs what was shown and rates it; copy 4 stays with the user (R53). A refusal is recorded and decided. True when satisfied. */
export async function signAndRate(
  file: RecordedCase,
  { version, digest }: ServiceRecord,
): Promise<boolean> {
  file.enter('signingOff');
  file.block({ kind: 'unsignedRecord', id: 'serviceRecord', waivable: false });
  file.tellCustomer('rateUs');
  const { answer: signed } = await file.askUntilTaken(
    () => file.ask('signServiceRecord', { version, digest }, { assignee: file.assignee() }),
    ({ signed, rating = null, document, answeredBy: by, answeredAt: at }) =>
      file.call(
        'records',
        'recordSignature',
        { version, digest, signed, rating, document, by, at },
        `version ${version}${signed ? ` signed, rated ${rating}` : ': signature refused'}`,
        { correctable: true },
      ),
  );
  file.tellCustomer('serviceRecordCopy', { version });
  const accepted =
    signed.signed || (await file.ask('decideRefusedSignature', {})).decision === 'acceptUnsigned';
  file.unblock('serviceRecord');
  file.know({ rating: signed.rating ?? null });
  return accepted && isSatisfied(signed.rating);
}

/** Old parts and slip come in, loans are cleared: nothing closes over them unless a supervisor waives it by name. */
export async function returnParts(file: SignOffCase, done: WorkDone): Promise<void> {
  const fitted = done.coresToBringIn.splice(0).map(plainLine);
  const cores = file.plan.drill ? [] : fitted;
  const isDue = () => cores.length > 0 || file.isBlockedBy('openLoan');
  if (!(await file.remember('partsToReturn', isDue))) return;
  file.enter('returningParts');
  await Promise.all([loansCleared(file), oldPartsIn(file, cores)]);
}

async function oldPartsIn(file: SignOffCase, usedParts: UsedLine[]): Promise<void> {
  if (usedParts.length === 0) return;
  file.block({ kind: 'coreReturn', id: 'oldParts', waivable: true });
  const unless = () => file.isWaived('oldParts');
  const { territory } = file.plan;
  const { answer } = await file.askUntilTaken(
    () => file.askUnless('receiveOldParts', { usedParts }, { unless }),
    async (received) => {
      if (!received) return;
      const { slipNumber, lines } = received;
      await file.call(
        'parts',
        'receiveOldParts',
        { territory, slipNumber, lines },
        `old parts against ${slipNumber}`,
        { correctable: true, without: { give: undefined, waives: 'oldParts' } },
      );
    },
  );
  if (answer) file.unblock('oldParts');
}

/** The id of the document that holds an answer's words; none when it had none. */
export const documentOf = (answer: { document: string | null }): string[] =>
  answer.document ? [answer.document] : [];
