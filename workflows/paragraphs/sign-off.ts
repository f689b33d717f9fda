/** The end of a service on site or by phone: record, claim, signature, rating, parts handed in (FLOW-IW 10–14, FLOW-PF-IW). */

import type { Answer } from '../../domain/flows/tasks.ts';
import type { UsedLine } from '../../domain/loan.ts';
import { isSatisfied } from '../../domain/satisfaction.ts';
import { undoEffect } from '../kernel/call.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import type { UndoList, Undos } from '../kernel/settle.ts';
import { humanTask } from '../kernel/tasks.ts';
import { recall } from '../kernel/work-file.ts';
import * as messages from '../messages.ts';
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

/** Who may speak of the service record. */
export function recordTasks({ work }: RecordedCase) {
  return {
    record: humanTask(messages.writeServiceRecord, work),
    signature: humanTask(messages.signServiceRecord, work),
    refusedSignature: humanTask(messages.decideRefusedSignature, work),
  };
}
type RecordTasks = ReturnType<typeof recordTasks>;

/** Who may speak at the end of a service that the warranty pays. */
export function signOffTasks(file: SignOffCase) {
  return {
    ...recordTasks(file),
    claim: humanTask(messages.fileWarrantyClaim, file.work),
    oldParts: humanTask(messages.receiveOldParts, file.work),
  };
}
export type SignOffTasks = ReturnType<typeof signOffTasks>;

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
  ask: RecordTasks,
  done: WorkDone,
  round: number,
): Promise<WrittenRecord> {
  file.enter('writingRecord');
  const written = await ask.record.completed({}, { assignee: file.work.state.assignee });
  const { documents, coresToBringIn: _, claimed: __, rootCause: ___, ...facts } = done;
  const record = await file.call(
    'records',
    'createServiceRecord',
    {
      round,
      documents: [...documents, ...documentOf(written)],
      facts: { ...facts, laborMinutes: written.laborMinutes },
    },
    `service record of round ${round}`,
  );
  file.know({ serviceRecord: record });
  return { ...record, laborMinutes: written.laborMinutes };
}

interface Claiming {
  file: SignOffCase;
  ask: SignOffTasks;
  undo: UndoList;
  done: WorkDone;
}

/** The formal claim for the replaced parts, on every path that used one, before the user signs (FLOW-IW 11). A drill claims nothing. */
export async function claimWarranty({ file, ask, undo, done }: Claiming): Promise<void> {
  const used = done.used.slice(done.claimed);
  done.claimed = done.used.length;
  if (used.length === 0 || file.plan.drill) return;
  file.enter('claimingWarranty');
  const { slipNumber, lines } = await ask.claim.completed(
    { usedParts: used.map(plainLine) },
    { assignee: file.work.state.assignee },
  );
  undo.add('withdrawClaim', { claimKey: file.keyOfNext('records.registerWarrantyClaim') });
  const { claimNumber } = await file.call(
    'records',
    'registerWarrantyClaim',
    { slipNumber, lines },
    `warranty claim against ${slipNumber}`,
  );
  file.know({ warrantyClaim: claimNumber });
}

/** The undo of a claim; harmless when it never came. */
export const withdrawClaim: Undos[string] = ({ claimKey = '' }, work) =>
  undoEffect(
    work,
    'records',
    'withdrawWarrantyClaim',
    {
      effectKey: `${claimKey}/undo`,
      caseNumber: work.identity.caseNumber,
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
  ask: RecordTasks,
  { version, digest }: ServiceRecord,
): Promise<boolean> {
  file.enter('signingOff');
  file.block({ kind: 'unsignedRecord', id: 'serviceRecord', waivable: false });
  file.tellCustomer('rateUs');
  const signed = await ask.signature.completed(
    { version, digest },
    { assignee: file.work.state.assignee },
  );
  await file.call(
    'records',
    'recordSignature',
    {
      version,
      digest,
      signed: signed.signed,
      rating: signed.rating ?? null,
      document: signed.document,
      by: signed.answeredBy,
      at: signed.answeredAt,
    },
    signed.signed
      ? `version ${version} signed, rated ${signed.rating}`
      : `version ${version}: signature refused`,
  );
  file.tellCustomer('serviceRecordCopy', { version });
  const accepted =
    signed.signed || (await ask.refusedSignature.completed({})).decision === 'acceptUnsigned';
  file.unblock('serviceRecord');
  file.know({ rating: signed.rating ?? null });
  return accepted && isSatisfied(signed.rating);
}

/** Old parts and slip come in, loans are cleared: nothing closes over them unless a supervisor waives it by name. */
export async function returnParts(
  file: SignOffCase,
  ask: SignOffTasks,
  done: WorkDone,
): Promise<void> {
  const fitted = done.coresToBringIn.splice(0).map(plainLine);
  const cores = file.plan.drill ? [] : fitted;
  const out = () => file.work.state.blockers.some(({ kind }) => kind === 'openLoan');
  const due = await recall(file.work, 'partsToReturn', async () => cores.length > 0 || out());
  if (!due) return;
  file.enter('returningParts');
  await Promise.all([loansCleared(file as CaseFile<string>), oldPartsIn(file, ask, cores)]);
}

async function oldPartsIn(
  file: SignOffCase,
  ask: SignOffTasks,
  usedParts: UsedLine[],
): Promise<void> {
  if (usedParts.length === 0) return;
  file.block({ kind: 'coreReturn', id: 'oldParts', waivable: true });
  const received = await ask.oldParts.completedUnless(() => file.isWaived('oldParts'), {
    usedParts,
  });
  if (!received) return;
  const { slipNumber, lines } = received;
  await file.call(
    'parts',
    'receiveOldParts',
    { territory: file.plan.territory, slipNumber, lines },
    `old parts against ${slipNumber}`,
  );
  file.unblock('oldParts');
}

/** The id of the document that holds an answer's words; none when it had none. */
export const documentOf = (answer: { document: string | null }): string[] =>
  answer.document ? [answer.document] : [];
