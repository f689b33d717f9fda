import type { RepairOutcome, RepairStage } from '../domain/flows/in-warranty-repair/flow.ts';
import type { PartLine } from '../domain/loan.ts';
import type { OpenedCase, RepairPlan } from '../domain/plan.ts';
import { type CaseFile, openCaseFile, settleCase } from './kernel/case-file.ts';
import type { Settled, UndoList } from './kernel/settle.ts';
import { acceptCase } from './paragraphs/acceptance.ts';
import { listenToLoans } from './paragraphs/loans.ts';
import { judgeByPhone, phoneTasks } from './paragraphs/phone.ts';
import {
  closeFile,
  completedAndVerified,
  endUnsatisfied,
  furtherVisit,
  nothingDone,
  serviceTasks,
  undosOf,
  visitUntilDone,
} from './paragraphs/service.ts';
import { claimWarranty, signAndRate, type WorkDone, writeRecord } from './paragraphs/sign-off.ts';
import { verificationTasks } from './paragraphs/verification.ts';

/** In-warranty repair, FLOW-IW. Endings: repaired | repairedByPhone | notCovered | endedUnsatisfied, or closed by a supervisor.
 *  Undone on cancellation: the visit, the unissued loan, the warranty claim. An issued loan goes on until the field office clears it. */
export async function inWarrantyRepair(opened: OpenedCase<RepairPlan>): Promise<Settled> {
  const file = openCaseFile<RepairStage>(opened);
  const ask = repairTasks(file);
  const done = nothingDone(file.plan.faultCode);
  listenToLoans(file);

  return settleCase(
    file,
    undosOf(file, done),
    (outcome) => closeFile(file, done, outcome),
    async (undo) => {
      const repair: Repair = { file, ask, undo, done, customerParts: [] };
      acceptCase(file);

      let way = await judgeByPhone(repair);
      for (let round = 1; ; round += 1) {
        const outcome: RepairOutcome =
          way.kind === 'visit' ? await visitUntilDone(repair, way.borrow) : 'repairedByPhone';
        const satisfied = way.kind === 'advice' || (await recordAndSign(repair, round));
        if (satisfied && (await completedAndVerified(repair, outcome))) return outcome;

        const further = await furtherVisit(repair, round);
        if (!further) return endUnsatisfied(repair);
        way = further;
      }
    },
  );
}

interface Repair {
  file: CaseFile<RepairStage>;
  ask: ReturnType<typeof repairTasks>;
  undo: UndoList;
  done: WorkDone;
  /** Parts that the customer has at hand. */
  customerParts: PartLine[];
}

/** Who may speak, beside the supervisor. */
function repairTasks(file: CaseFile<RepairStage>) {
  return {
    ...phoneTasks(file),
    ...serviceTasks(file),
    ...verificationTasks(file),
  };
}

/** Steps 10 to 13: service record, warranty procedure for what was used in this round, signature, rating, copy 4. True when satisfied. */
async function recordAndSign(repair: Repair, round: number): Promise<boolean> {
  const { file, ask, done } = repair;
  const record = await writeRecord(file, ask, done, round);
  await claimWarranty(repair);
  return signAndRate(file, ask, record);
}
