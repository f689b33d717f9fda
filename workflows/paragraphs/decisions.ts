/** What a supervisor decides before the work: a customer in arrears, a special user (FLOW-ARR, FLOW-SPEC). */
import { later } from '../../domain/clock.ts';
import type { PaidRepairPlan } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { type Answered, humanTask } from '../kernel/tasks.ts';
import { begunAt } from '../kernel/work-file.ts';
import * as messages from '../messages.ts';

export type DecisionStage = 'decidingArrears' | 'decidingSpecialUser';
type DecidedCase = CaseFile<DecisionStage, PaidRepairPlan>;
type DecisionTasks = ReturnType<typeof decisionTasks>;

/** Who may speak; the customer hears nothing of it yet, so it is no first contact. */
export function decisionTasks({ work }: DecidedCase) {
  return {
    arrears: humanTask(messages.decideArrears, work, { isContact: false }),
    specialUser: humanTask(messages.decideSpecialUser, work, { isContact: false }),
  };
}

/** How a customer in arrears is served; `depositPercent` of the quote is asked before the work, null: nothing is. */
export interface Served {
  decision: Answered<'decideArrears'>['decision'];
  depositPercent: number | null;
}

/** Serve fully, against payment, for safety only, or refuse: with a reason, on record. Who owes nothing is served fully. */
export async function decideArrears(file: DecidedCase, ask: DecisionTasks): Promise<Served> {
  if (!file.plan.arrears) return { decision: 'serveFully', depositPercent: null };
  file.enter('decidingArrears');
  const { customerNumber, entitlement } = file.plan;
  const decided = await ask.arrears.completed(
    { customerNumber, contract: entitlement.verdict === 'contract' },
    { reminders: await remindSupervisor(file, 'decideArrears') },
  );
  await fileDecision(file, 'arrears', decided.decision, decided);
  file.know({ arrears: decided.decision });
  const { decision, depositPercent = 100 } = decided;
  return { decision, depositPercent: decision === 'againstPayment' ? depositPercent : null };
}

/** True when parts are free for this customer: asked for at the opening, approved, on the special record. */
export async function decideSpecialUser(file: DecidedCase, ask: DecisionTasks): Promise<boolean> {
  if (!file.plan.specialUser) return false;
  file.enter('decidingSpecialUser');
  const decided = await ask.specialUser.completed(
    {},
    { reminders: await remindSupervisor(file, 'decideSpecialUser') },
  );
  const decision = decided.approved ? 'approved' : 'rejected';
  await fileDecision(file, 'specialUser', decision, decided);
  file.know({ specialUser: decision });
  return decided.approved;
}

const remindSupervisor = async (file: DecidedCase, task: string) => {
  const { territory, remindAfterMs } = file.plan;
  const supervisor = { kind: 'role', role: 'supervisor', territory } as const;
  const say = () => file.tell('decisionDue', supervisor, { task });
  return [{ at: later(await begunAt(file.work), remindAfterMs.decision), say }];
};

function fileDecision(
  file: DecidedCase,
  kind: 'arrears' | 'specialUser',
  decision: string,
  { reason, answeredBy, answeredAt }: Answered<'decideArrears'> | Answered<'decideSpecialUser'>,
): Promise<void> {
  const request = { kind, decision, reason, by: answeredBy, at: answeredAt };
  return file.call('billing', 'fileDecision', request, `${kind}: ${decision}`);
}
