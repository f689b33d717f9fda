import {
  inWarrantyRepairFlow,
  type RepairOutcome,
  type RepairStage,
} from '../domain/flows/in-warranty-repair/flow.ts';
import type { OpenedCase, RepairPlan } from '../domain/plan.ts';
import { openFile, settleCase } from './case-file/index.ts';
import type { Settled } from './case-file/settle.ts';
import { acceptCase } from './repair/acceptance.ts';
import { hearLoans } from './repair/loans.ts';
import { judgeByPhone } from './repair/phone.ts';
import {
  closeFile,
  completedAndVerified,
  endUnsatisfied,
  furtherVisit,
  nothingDone,
  type Service,
  undosOf,
  visitUntilDone,
} from './repair/service.ts';
import { claimWarranty, signAndRate, writeRecord } from './repair/sign-off.ts';

/** In-warranty repair, FLOW-IW. Endings: repaired | repairedByPhone | notCovered | endedUnsatisfied, or closed by a supervisor.
 *  Undone on cancellation: the visit, the unissued loan, the warranty claim. An issued loan goes on until the field office clears it. */
export async function inWarrantyRepair(opened: OpenedCase<RepairPlan>): Promise<Settled> {
  const file = openFile<RepairStage>(inWarrantyRepairFlow, opened);
  const done = nothingDone(file.plan.faultCode);
  hearLoans(file);

  return settleCase(
    file,
    undosOf(file, done),
    (outcome) => closeFile(file, done, outcome),
    async (undo) => {
      const repair = { file, undo, done, customerParts: [] };
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

/** Steps 10 to 13: service record, warranty procedure for what was used in this round, signature, rating, copy 4. True when satisfied. */
async function recordAndSign(repair: Service, round: number): Promise<boolean> {
  const { file, done } = repair;
  const record = await writeRecord(file, done, round);
  await claimWarranty(repair);
  return signAndRate(file, record);
}
