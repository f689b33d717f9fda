/** After the work: callback, further service until satisfied, knowledge entry and archive (FLOW-CB, FLOW-CSAT, FLOW-KB, FLOW-REC). */
import { type PartLine, sumLines } from '../../domain/loan.ts';
import type { CasePlan } from '../../domain/plan.ts';
import { callbackOutcome } from '../../domain/satisfaction.ts';
import type { CaseFile } from '../case-file/index.ts';
import { now } from '../kernel/run.ts';
import { recordFailure } from './failure-record.ts';
import type { WorkDone } from './sign-off.ts';

export type VerificationStage = 'verifying' | 'furtherService' | 'filing';
type VerifiedCase = CaseFile<VerificationStage>;

/** The customer is called: fixed and satisfied settles it; not reached is tried again, up to the policy's count. */
export async function verifyWithCustomer(file: VerifiedCase): Promise<'settled' | 'serveAgain'> {
  file.enter('verifying');
  file.startClock('callback');
  const { outcome, result } = await callUntilReached(file, 'recordCallback', 'callback');
  if (result !== 'waived' && result !== 'exhausted') file.meetClock('callback');
  return outcome;
}

interface Called {
  outcome: 'settled' | 'serveAgain';
  /** What the last call came to; `exhausted` after too many, `waived` by a supervisor. */
  result: string;
}

/** Calls until the customer is reached, up to the policy's count, or until a supervisor waives it by name: what came of it blocks closing. */
export async function callUntilReached(
  file: VerifiedCase,
  task: 'recordCallback' | 'recordFollowUp',
  name: string,
  firstCall?: string,
): Promise<Called> {
  file.block({ kind: 'openCallback', id: name, waivable: true });
  const unless = () => file.isWaived(name);
  let notBefore = firstCall;
  for (let attempt = 1, unanswered = 0; unanswered < file.plan.maxCallbackAttempts; attempt += 1) {
    const call = await file.askUnless(task, { attempt }, { notBefore, unless });
    if (!call) return { outcome: 'settled', result: 'waived' };
    const outcome = callbackOutcome(call);
    if (outcome !== 'callAgain') return called(file, name, outcome, call.result);
    if (call.result === 'noAnswer') unanswered += 1; // who postpones keeps the case waiting
    notBefore = call.callAgainAt;
  }
  return called(file, name, 'settled', 'exhausted');
}

function called(
  file: VerifiedCase,
  name: string,
  outcome: Called['outcome'],
  result: string,
): Called {
  file.unblock(name);
  file.know({ [name]: result });
  return { outcome, result };
}

/** C or D, or not fixed: the case goes back to service until the customer is satisfied; after so many rounds a supervisor decides (C13). */
export async function planFurtherService(
  file: VerifiedCase,
  round: number,
): Promise<{ expectedParts: PartLine[] } | undefined> {
  file.move('serveAgain');
  file.enter('furtherService');
  file.raiseAlert(1, 'dissatisfied');
  if (round >= file.plan.maxServiceRounds) {
    const { decision } = await file.ask('decideFurtherService', {});
    if (decision === 'endUnsatisfied') return undefined;
  }
  const { cause, expectedParts } = await file.ask(
    'planFurtherService',
    {},
    { assignee: file.assignee() },
  );
  file.know({ dissatisfaction: { round, cause } });
  return { expectedParts };
}

/** A repair is filed, and its failure counted (FLOW-FRACAS). */
export async function fileAway(file: VerifiedCase, done: WorkDone, outcome: string): Promise<void> {
  await Promise.all([fileCase(file, done), recordFailure(file, done, outcome)]);
}

/** As `fileAway`, for a service that did not come about: unless somebody found a cause it teaches nothing, and is archived only. */
export async function fileUnserved(
  file: VerifiedCase,
  done: WorkDone,
  outcome: string,
): Promise<void> {
  if (done.causeCode !== null) return fileAway(file, done, outcome);
  file.enter('filing');
  file.know(await archive(file));
}

/** What is filed of any case about a model: its fault, its cause, its remedy, and the documents that hold the words. */
export type Filed = Pick<WorkDone, 'faultCode' | 'causeCode' | 'remedyCode' | 'used' | 'documents'>;
type FiledCase = CaseFile<'filing', CasePlan & { productModel: string }>;

/** Knowledge entry and archive code (FLOW-KB, FLOW-REC, R73, R74). A drill is archived, but what it pretended is no knowledge. */
export async function fileCase(file: FiledCase, done: Filed): Promise<void> {
  file.enter('filing');
  const [knowledge, { archiveCode }] = await Promise.all([
    file.plan.drill ? null : fileKnowledge(file, done),
    archive(file),
  ]);
  const article = knowledge && { knowledgeArticle: knowledge.articleNumber };
  file.know({ ...article, archiveCode });
}

/** Kept as long as the policy says; what is about no customer is archived under its model. */
export function archive({
  plan,
  call,
}: CaseFile<'filing', CasePlan>): Promise<{ archiveCode: string | null }> {
  const closedAt = now();
  return call(
    'records',
    'archiveCase',
    {
      customerNumber: plan.customerNumber ?? plan.productModel ?? plan.class,
      serviceType: plan.class,
      closedAt: new Date(closedAt).toISOString(),
      retainUntil: new Date(closedAt + plan.retentionMs).toISOString(),
    },
    'archive code',
    { without: { give: { archiveCode: null } } },
  );
}

function fileKnowledge({ plan, call }: FiledCase, done: Filed) {
  const { faultCode, causeCode, remedyCode, documents } = done;
  const parts = sumLines(done.used.map(({ partNumber, quantity }) => ({ partNumber, quantity })));
  return call(
    'records',
    'fileKnowledge',
    { productModel: plan.productModel, faultCode, causeCode, remedyCode, parts, documents },
    `knowledge entry for ${faultCode}`,
    { without: { give: null } },
  );
}
