/** What a supervisor decides before the work: a customer in arrears, a special user (FLOW-ARR, FLOW-SPEC). */
import { later } from '../../domain/clock.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow } from '../kernel/run.ts';

export type DecisionStage = 'decidingArrears' | 'decidingSpecialUser';
type DecidedCase = CaseFile<DecisionStage, PaidRepairPlan>;
/** How a customer in arrears is served; `depositPercent` of the quote is asked before the work, null: nothing is. */
export interface Served {
  decision: Answered<'decideArrears'>['decision'];
  depositPercent: number | null;
}

/** Serve fully, against payment, for safety only, or refuse: with a reason, on record. Who owes nothing is served fully. */
export async function decideArrears(file: DecidedCase): Promise<Served> {
  if (!file.plan.arrears) return { decision: 'serveFully', depositPercent: null };
  file.enter('decidingArrears');
  const { customerNumber, entitlement } = file.plan;
  const context = { customerNumber, contract: entitlement.verdict === 'contract' };
  const reminders = await remindSupervisor(file, 'decideArrears');
  const { answer } = await file.askUntilTaken(
    () => file.ask('decideArrears', context, { reminders }),
    (decided) => fileDecision(file, 'arrears', decided.decision, decided),
  );
  const { decision, depositPercent = 100 } = answer;
  file.know({ arrears: decision });
  return { decision, depositPercent: decision === 'againstPayment' ? depositPercent : null };
}

/** True when parts are free for this customer: asked for at the opening, approved, on the special record. */
export async function decideSpecialUser(file: DecidedCase): Promise<boolean> {
  if (!file.plan.specialUser) return false;
  file.enter('decidingSpecialUser');
  const reminders = await remindSupervisor(file, 'decideSpecialUser');
  const { answer } = await file.askUntilTaken(
    () => file.ask('decideSpecialUser', {}, { reminders }),
    (decided) => fileDecision(file, 'specialUser', verdictOf(decided), decided),
  );
  file.know({ specialUser: verdictOf(answer) });
  return answer.approved;
}

const verdictOf = ({ approved }: { approved: boolean }) => (approved ? 'approved' : 'rejected');

const remindSupervisor = async (file: DecidedCase, task: string) => {
  const { territory, remindAfterMs } = file.plan;
  const supervisor = { kind: 'role', role: 'supervisor', territory } as const;
  const say = () => file.tell('decisionDue', supervisor, { task });
  const since = await file.remember(`${task} due from`, isoNow);
  return [{ at: later(since, remindAfterMs.decision), say }];
};

function fileDecision(
  file: DecidedCase,
  kind: 'arrears' | 'specialUser',
  decision: string,
  { reason, answeredBy, answeredAt }: Answered<'decideArrears'> | Answered<'decideSpecialUser'>,
): Promise<void> {
  const request = { kind, decision, reason, by: answeredBy, at: answeredAt };
  const terms = { correctable: true, without: { give: undefined } };
  return file.call('billing', 'fileDecision', request, `${kind}: ${decision}`, terms);
}
