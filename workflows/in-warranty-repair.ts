import type { RepairOutcome, RepairStage } from '../domain/flows/in-warranty-repair/stages.ts';
import type { PartLine } from '../domain/loan.ts';
import type { OpenedCase, RepairPlan } from '../domain/plan.ts';
import { type CaseFile, openCaseFile, settleCase } from './kernel/case-file.ts';
import type { Settled, UndoList } from './kernel/settle.ts';
import { acceptCase } from './paragraphs/acceptance.ts';
import { endLoans, listenToLoans } from './paragraphs/loans.ts';
import { judgeByPhone, phoneTasks } from './paragraphs/phone.ts';
import { fromLoans } from './paragraphs/repair.ts';
import {
  bringPartsIn,
  nothingDone,
  serviceTasks,
  undosOf,
  visitUntilDone,
} from './paragraphs/service.ts';
import { claimWarranty, signAndRate, type WorkDone, writeRecord } from './paragraphs/sign-off.ts';
import {
  fileAway,
  planFurtherService,
  verificationTasks,
  verifyWithCustomer,
} from './paragraphs/verification.ts';

/** In-warranty repair, FLOW-IW. Endings: repaired | repairedByPhone | notCovered | endedUnsatisfied, or closed by a supervisor.
 *  Undone on cancellation: the visit, the unissued loan. An issued loan goes on until the field office clears it. */
export async function inWarrantyRepair(opened: OpenedCase<RepairPlan>): Promise<Settled> {
  const file = openCaseFile<RepairStage>(opened);
  const ask = repairTasks(file);
  const done = nothingDone(file.plan.faultCode);
  listenToLoans(file);

  return settleCase(
    file,
    undosOf(file, done),
    () => closeFile(file, done),
    async (undo) => {
      const repair: Repair = { file, ask, undo, done, customerParts: [] };
      acceptCase(file);

      let way = await judgeByPhone(repair);
      for (let round = 1; ; round += 1) {
        const outcome =
          way.kind === 'visit' ? await visitUntilDone(repair, way.borrow) : 'repairedByPhone';
        const satisfied = way.kind === 'advice' || (await recordAndSign(repair, round));
        if (satisfied && (await completedAndVerified(repair, outcome))) return outcome;

        const further = await planFurtherService(file, ask, round);
        if (!further) break;
        way = { kind: 'visit', borrow: further.expectedParts };
      }
      file.move('resolve');
      await bringPartsIn(repair);
      return 'endedUnsatisfied' satisfies RepairOutcome;
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
async function recordAndSign({ file, ask, done }: Repair, round: number): Promise<boolean> {
  const record = await writeRecord(file, ask, done, round);
  await claimWarranty(file, ask, done);
  return signAndRate(file, ask, record);
}

/** Step 14 and after: the work is completed; the customer hears the result (N05), parts and slip come in, the customer is called. False sends the case back to service. */
async function completedAndVerified(repair: Repair, outcome: RepairOutcome): Promise<boolean> {
  repair.file.move('resolve');
  repair.file.tellCustomer('resultReport', { outcome });
  await bringPartsIn(repair);
  return (await verifyWithCustomer(repair.file, repair.ask)) === 'settled';
}

/** However it ended: loans that a supervisor waived go on by themselves; the fault is filed as knowledge, the case archived. */
async function closeFile(file: CaseFile<RepairStage>, done: WorkDone): Promise<void> {
  await endLoans(file, fromLoans(done));
  await fileAway(file, done);
}
