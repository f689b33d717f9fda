/** A small flow in several versions: three tasks, and a place between the first two that changes. The test says which version a build is. */
import {
  inWarrantyRepairFlow,
  type RepairStage,
} from '../../domain/flows/in-warranty-repair/flow.ts';
import type { OpenedCase, RepairPlan } from '../../domain/plan.ts';
import { type CaseFile, openFile, settleCase } from '../../workflows/case-file/index.ts';
import type { Settled } from '../../workflows/case-file/settle.ts';

type File = CaseFile<RepairStage>;

const first = (file: File) => file.ask('writeServiceRecord', {});
const photo = (file: File) => file.ask('decideRefusedSignature', {});
const second = (file: File) => file.ask('decideFurtherService', {});
const last = (file: File) => file.ask('recordCallback', { attempt: 1 });

const versions: Record<string, (file: File) => Promise<void>> = {
  async old(file) {
    await first(file);
    await second(file);
    await last(file);
  },
  async changed(file) {
    await first(file);
    if (file.changed('photo')) await photo(file);
    await second(file);
    await last(file);
  },
  async forGood(file) {
    await first(file);
    file.changedForGood('photo');
    await photo(file);
    await second(file);
    await last(file);
  },
  async gone(file) {
    await first(file);
    await photo(file);
    await second(file);
    await last(file);
  },
  /** The second task is left out by mistake. */
  async mistaken(file) {
    await first(file);
    await last(file);
  },
};

/** Replaced by the test in the code of the bundle. */
const version = versions['VERSION OF THE FLOW'];

/** Opened as the product's flow of that name is. */
export async function inWarrantyRepair(opened: OpenedCase<RepairPlan>): Promise<Settled> {
  const file: File = openFile(inWarrantyRepairFlow, opened);
  const nothing = async () => undefined;
  return settleCase(file, {}, nothing, async () => {
    file.move('triage');
    await version?.(file);
    return 'repaired';
  });
}
