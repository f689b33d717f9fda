/** The fault judged by phone, and the customer guided to replace the part (FLOW-IW 2–4): shared by every flow that begins so. */
import type { PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import { noteUse } from './repair.ts';
import { documentOf, type WorkDone } from './sign-off.ts';

export type PhoneStage = 'phoneTriage' | 'guidingReplacement';
type PhoneCase = CaseFile<PhoneStage>;

interface PhoneRepair {
  file: PhoneCase;
  done: WorkDone;
  /** Parts that the customer has at hand. */
  customerParts: PartLine[];
}

/** How this round of service is done; `borrow` names the parts that a visit must bring. */
export type Way = { kind: 'advice' } | { kind: 'guidance' } | { kind: 'visit'; borrow: PartLine[] };

/** Steps 2 to 4: the likely cause; decision A, has the user the part; decision B, can the user be guided to replace it. */
export async function judgeByPhone(repair: PhoneRepair): Promise<Way> {
  const { file } = repair;
  const { faultCode, expectedParts } = file.plan;
  file.enter('phoneTriage');
  const advice = await file.ask('reportPhoneTriage', { faultCode, expectedParts });
  repair.done.documents.push(...documentOf(advice));
  if (advice.fixedByPhone) return fixedByPhone(file, { kind: 'advice' });

  if (!advice.customerHasPart) return { kind: 'visit', borrow: advice.expectedParts };
  repair.customerParts = advice.expectedParts;
  if (!advice.guideByPhone || file.plan.visitWhenUserOwnsPart) return { kind: 'visit', borrow: [] };
  return guideReplacement(repair);
}

/** The user replaces the part, guided by phone; when that fails it becomes a visit, with what it needs beyond the user's own part. */
async function guideReplacement({ file, done, customerParts }: PhoneRepair): Promise<Way> {
  file.enter('guidingReplacement');
  const guided = await file.ask('reportGuidedReplacement', { expectedParts: customerParts });
  done.documents.push(...documentOf(guided));
  noteUse(
    done,
    guided.usedParts.map((line) => ({ ...line, source: 'customer' })),
  );
  done.machineRuns = guided.fixed;
  if (!guided.fixed) return { kind: 'visit', borrow: guided.expectedParts };
  return fixedByPhone(file, { kind: 'guidance' });
}

function fixedByPhone(file: PhoneCase, way: Way): Way {
  file.meetClock('restore');
  return way;
}
