/** The repair on site: determined, backed up, done, checked, escalated when it grows (FLOW-IW 7–9, FLOW-ESC, FLOW-TECH). */
import { leftOf, type PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { Answered } from '../kernel/ask.ts';
import { onLoan } from './loans.ts';
import { documentOf, type WorkDone } from './sign-off.ts';
import { diagnose, forEngineer, type VisitStage } from './visit.ts';

export type SiteStage = 'diagnosing' | 'repairing' | 'checkingMachine';
type RepairCase = CaseFile<SiteStage | VisitStage>;

/** A repair as its paragraphs hand it on. */
export interface Repair {
  file: RepairCase;
  done: WorkDone;
  /** Parts that the customer has at hand. */
  customerParts: PartLine[];
  /** Parts that the engineer carries for sale; left out by flows that sell none. */
  partsForSale?: () => PartLine[];
  /** True while the customer pays whatever the fault: then nothing is to be decided on its coverage. */
  customerPays?: () => boolean;
}

/** How the work on site ended; `needed` names the parts that the next visit must bring. */
export type OnSite =
  | { kind: 'repaired' }
  | { kind: 'notCovered' }
  | { kind: 'anotherVisit'; needed: PartLine[] };

/** Steps 7 to 9: determine, repair or replace, check the whole machine; a machine that does not run is analysed again. */
export async function repairOnSite(repair: Repair): Promise<OnSite> {
  const { file, done } = repair;
  for (;;) {
    const finding = await diagnose(file);
    Object.assign(done, { faultCode: finding.faultCode, causeCode: finding.causeCode });
    done.documents.push(...documentOf(finding));
    const undecided = !finding.covered && !repair.customerPays?.();
    if (undecided && (await file.ask('decideCoverage', {})).decision === 'notCovered')
      return { kind: 'notCovered' };

    const result = await replace(repair);
    if (result.kind === 'anotherVisit' || (await machineRuns(repair))) return result;
  }
}

/** Step 8, with the station's back-up as a rule. A fault that grows is escalated and planned anew; a missing part means another visit. */
async function replace(repair: Repair): Promise<OnSite> {
  const { file } = repair;
  file.enter('repairing');
  for (;;) {
    file.tell(
      'backUpRequested',
      { kind: 'role', role: 'support', territory: file.plan.territory },
      { stage: 'repairing' },
    );
    await file.ask('adviseReplacement', {});
    const report = await file.ask(
      'reportRepair',
      {
        onLoan: onLoan(file, fromLoans(repair.done)),
        customerParts: leftOf(repair.customerParts, ofCustomer(repair.done)),
        ...(repair.partsForSale ? { sold: repair.partsForSale() } : {}),
      },
      forEngineer(file),
    );
    noteRepair(repair, report);
    if (report.result === 'repaired') return { kind: 'repaired' };
    if (report.result === 'partMissing') return comeAgain(file, 'partMissing', report);

    const measures = await escalate(repair);
    if (measures.plan === 'anotherVisit') return comeAgain(file, 'faultGrew', measures);
  }
}

function noteRepair({ done }: Repair, report: Answered<'reportRepair'>): void {
  done.remedyCode = report.remedyCode;
  done.documents.push(...documentOf(report));
  noteUse(done, report.usedParts);
}

export function noteUse(done: WorkDone, used: WorkDone['used']): void {
  done.used.push(...used);
  done.coresToBringIn.push(...used.filter((line) => line.source === 'customer'));
}

/** The customer hears that it is not finished, why, and how many days it may take (M03). */
function comeAgain(
  file: RepairCase,
  reason: string,
  next: { expectedParts: PartLine[]; expectedDays?: number | undefined },
): OnSite {
  const { expectedParts, expectedDays } = next;
  file.tellCustomer('notFinished', { reason, ...(expectedDays ? { days: expectedDays } : {}) });
  return { kind: 'anotherVisit', needed: expectedParts };
}

/** The fault grew, or the site can't solve it: the technical engineer plans measures, agreed with the customer (FLOW-ESC, M18). */
function escalate({ file }: Repair): Promise<Answered<'planEscalation'>> {
  file.raiseAlert(1, 'fault grew');
  file.tell(
    'faultEscalated',
    { kind: 'role', role: 'support', territory: file.plan.territory },
    { stage: 'repairing' },
  );
  return file.ask('planEscalation', {});
}

/** Step 9: the whole main machine is checked; it runs normally, or the analysis starts again. */
async function machineRuns({ file, done }: Repair): Promise<boolean> {
  file.enter('checkingMachine');
  const check = await file.ask('reportMachineCheck', {}, forEngineer(file));
  done.machineRuns = check.runsNormally;
  if (check.runsNormally) file.meetClock('restore');
  return check.runsNormally;
}

/** Of the parts fitted, those that were drawn from a loan. */
export const fromLoans = (done: WorkDone) => done.used.filter((line) => line.source === 'loan');

const ofCustomer = (done: WorkDone) => done.used.filter((line) => line.source === 'customer');
