/** After the work: callback, further service until satisfied, knowledge entry and archive (FLOW-CB, FLOW-CSAT, FLOW-KB, FLOW-REC). */
import { type PartLine, sumLines } from '../../domain/loan.ts';
import { callbackOutcome } from '../../domain/satisfaction.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { humanTask } from '../kernel/tasks.ts';
import { now } from '../kernel/work-file.ts';
import * as messages from '../messages.ts';
import type { WorkDone } from './sign-off.ts';

export type VerificationStage = 'verifying' | 'furtherService' | 'filing';
type VerifiedCase = CaseFile<VerificationStage>;

/** Who may speak once the work is completed. */
export function verificationTasks({ work }: VerifiedCase) {
  return {
    callback: humanTask(messages.recordCallback, work),
    furtherPlan: humanTask(messages.planFurtherService, work),
    furtherDecision: humanTask(messages.decideFurtherService, work),
  };
}
export type VerificationTasks = ReturnType<typeof verificationTasks>;

/** The customer is called: fixed and satisfied settles it; not reached is tried again, up to the policy's count. */
export async function verifyWithCustomer(
  file: VerifiedCase,
  ask: VerificationTasks,
): Promise<'settled' | 'serveAgain'> {
  file.enter('verifying');
  file.startClock('callback');
  file.block({ kind: 'openCallback', id: 'callback', waivable: true });
  let notBefore: string | undefined;
  for (let attempt = 1, unanswered = 0; unanswered < file.plan.maxCallbackAttempts; attempt += 1) {
    const call = await ask.callback.completedUnless(
      () => file.isWaived('callback'),
      { attempt },
      { notBefore },
    );
    if (!call) return 'settled';
    const outcome = callbackOutcome(call);
    if (outcome !== 'callAgain') return reached(file, outcome, call.result);
    if (call.result === 'noAnswer') unanswered += 1; // who postpones keeps the case waiting
    notBefore = call.callAgainAt;
  }
  return reached(file, 'settled', 'exhausted');
}

function reached(
  file: VerifiedCase,
  outcome: 'settled' | 'serveAgain',
  callback: string,
): 'settled' | 'serveAgain' {
  if (callback !== 'exhausted') file.meetClock('callback');
  file.unblock('callback');
  file.know({ callback });
  return outcome;
}

/** C or D, or not fixed: the case goes back to service until the customer is satisfied; after so many rounds a supervisor decides (C13). */
export async function planFurtherService(
  file: VerifiedCase,
  ask: VerificationTasks,
  round: number,
): Promise<{ expectedParts: PartLine[] } | undefined> {
  file.move('serveAgain');
  file.enter('furtherService');
  file.raiseAlert(1, 'dissatisfied');
  if (round >= file.plan.maxServiceRounds) {
    const { decision } = await ask.furtherDecision.completed({});
    if (decision === 'endUnsatisfied') return undefined;
  }
  const { cause, expectedParts } = await ask.furtherPlan.completed(
    {},
    { assignee: file.work.state.assignee },
  );
  file.know({ dissatisfaction: { round, cause } });
  return { expectedParts };
}

/** Knowledge entry and archive code (FLOW-KB, FLOW-REC, R73, R74). */
export async function fileAway(file: VerifiedCase, done: WorkDone): Promise<void> {
  const { plan } = file;
  file.enter('filing');
  const parts = sumLines(done.used.map(({ partNumber, quantity }) => ({ partNumber, quantity })));
  const { faultCode, causeCode, remedyCode, documents } = done;
  const closedAt = now();
  const [knowledge, archive] = await Promise.all([
    file.call(
      'records',
      'fileKnowledge',
      { productModel: plan.productModel, faultCode, causeCode, remedyCode, parts, documents },
      `knowledge entry for ${faultCode}`,
    ),
    file.call(
      'records',
      'archiveCase',
      {
        customerNumber: plan.customerNumber,
        serviceType: 'repair',
        closedAt: new Date(closedAt).toISOString(),
        retainUntil: new Date(closedAt + plan.retentionMs).toISOString(),
      },
      'archive code',
    ),
  ]);
  file.know({ knowledgeArticle: knowledge.articleNumber, archiveCode: archive.archiveCode });
}
