import type { RepairOutcome, RepairStage } from '../domain/in-warranty-repair.ts';
import type { PartLine } from '../domain/loan.ts';
import type { OpenedCase } from '../domain/plan.ts';
import { type CaseFile, openCaseFile, settleCase } from './kernel/case-file.ts';
import { callEffect } from './kernel/effects.ts';
import type { Settled, UndoList, Undos } from './kernel/settle.ts';
import { type Answered, humanTask } from './kernel/tasks.ts';
import * as messages from './messages.ts';
import { borrow, callOffLoan, listenToLoans, onLoan, reportUse } from './paragraphs/loans.ts';
import {
  claimWarranty,
  documentOf,
  fileAway,
  planFurtherService,
  returnParts,
  signAndRate,
  signOffTasks,
  verifyWithCustomer,
  type WorkDone,
  writeRecord,
} from './paragraphs/sign-off.ts';
import {
  arrangeVisit,
  checkDeparture,
  diagnose,
  finishVisit,
  forEngineer,
  recordOnSite,
  visitTasks,
} from './paragraphs/visit.ts';

/** In-warranty repair, FLOW-IW. Endings: repaired | repairedByPhone | notCovered | endedUnsatisfied, or closed by a supervisor.
 *  Undone on cancellation: the visit, the unissued loan. An issued loan goes on until the field office clears it. */
export async function inWarrantyRepair(opened: OpenedCase): Promise<Settled> {
  const file = openCaseFile<RepairStage>(opened);
  const ask = repairTasks(file);
  const done = nothingDone(file.plan.faultCode);
  listenToLoans(file);

  return settleCase(
    file,
    undosOf(file),
    () => fileAway(file, done),
    async (undo) => {
      const repair: Repair = { file, ask, undo, done, customerParts: [] };
      acceptCase(file);

      let way = await judgeByPhone(repair);
      for (let round = 1; ; round += 1) {
        const outcome =
          way.kind === 'visit' ? await visitUntilDone(repair, way.borrow) : 'repairedByPhone';
        const satisfied = way.kind === 'advice' || (await recordAndSign(repair, round));
        if (satisfied && (await completedAndVerified(repair))) return outcome;

        const further = await planFurtherService(file, ask, round);
        if (!further) break;
        way = { kind: 'visit', borrow: further.expectedParts };
      }
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

/** How this round of service is done; `borrow` names the parts that must be lent for a visit. */
type Way = { kind: 'advice' } | { kind: 'guidance' } | { kind: 'visit'; borrow: PartLine[] };

/** Who may speak, beside the supervisor. */
function repairTasks(file: CaseFile<RepairStage>) {
  const { work } = file;
  return {
    triage: humanTask(messages.reportPhoneTriage, work),
    guidance: humanTask(messages.reportGuidedReplacement, work),
    rejectedLoan: humanTask(messages.decideRejectedLoan, work),
    ...visitTasks(file),
    coverage: humanTask(messages.decideCoverage, work),
    replacementAdvice: humanTask(messages.adviseReplacement, work),
    repair: humanTask(messages.reportRepair, work),
    escalation: humanTask(messages.planEscalation, work),
    machineCheck: humanTask(messages.reportMachineCheck, work),
    ...signOffTasks(file),
  };
}

function undosOf(file: CaseFile<RepairStage>): Undos {
  return {
    callOffLoan: ({ loan = '' }) => callOffLoan(file, loan),
    cancelVisit: ({ bookingKey = '' }) =>
      callEffect(
        'dispatch',
        'cancel',
        { effectKey: `${bookingKey}/undo`, bookingKey },
        'cancel the visit',
      ),
  };
}

const nothingDone = (faultCode: string): WorkDone => ({
  faultCode,
  causeCode: null,
  remedyCode: null,
  used: [],
  claimed: 0,
  coresToBringIn: [],
  machineRuns: false,
  documents: [],
});

/** The plan was made at the door: in scope, classed, entitled. The clocks run from the customer's call; the customer hears it is logged (N01). */
function acceptCase(file: CaseFile<RepairStage>): void {
  file.move('triage');
  for (const clock of ['response', 'restore', 'resolution'] as const)
    file.startClock(clock, file.openedAt);
  file.tellCustomer('applicationConfirmed');
}

/** Steps 2 to 4: the likely cause; decision A, has the user the part; decision B, can the user be guided to replace it. */
async function judgeByPhone(repair: Repair): Promise<Way> {
  const { file, ask } = repair;
  const { faultCode, expectedParts } = file.plan;
  file.enter('phoneTriage');
  const advice = await ask.triage.completed({ faultCode, expectedParts });
  repair.done.documents.push(...documentOf(advice));
  if (advice.fixedByPhone) return fixedByPhone(file, { kind: 'advice' });

  if (!advice.customerHasPart) return { kind: 'visit', borrow: advice.expectedParts };
  repair.customerParts = advice.expectedParts;
  if (!advice.guideByPhone || file.plan.visitWhenUserOwnsPart) return { kind: 'visit', borrow: [] };
  return guideReplacement(repair);
}

/** The user replaces the part, guided by phone; when that fails it becomes a visit, with what it needs beyond the user's own part. */
async function guideReplacement({ file, ask, done, customerParts }: Repair): Promise<Way> {
  file.enter('guidingReplacement');
  const guided = await ask.guidance.completed({ expectedParts: customerParts });
  done.documents.push(...documentOf(guided));
  if (!guided.fixed) return { kind: 'visit', borrow: guided.expectedParts };

  const used = guided.usedParts.map((line) => ({
    ...line,
    source: 'customer' as const,
    oldPartSerials: serialsToCome(line),
  }));
  noteUse(done, used);
  return fixedByPhone(file, { kind: 'guidance' });
}

function fixedByPhone(file: CaseFile<RepairStage>, way: Way): Way {
  file.meetClock('restore');
  return way;
}

/** Old parts that the user sends in are named when they arrive. */
const serialsToCome = (line: PartLine) =>
  Array.from({ length: line.quantity }, (_, index) => `${line.partNumber}-${index + 1}`);

/** Parts are lent, then engineers go until the machine runs, or the fault turns out not to be covered. */
async function visitUntilDone(repair: Repair, borrowFirst: PartLine[]): Promise<RepairOutcome> {
  let needed = borrowFirst;
  for (;;) {
    await borrowParts(repair, needed);
    const visit = await arrangeVisit(repair.file, repair.ask, repair.undo);
    await checkDeparture(repair.file, repair.ask, visit);
    await recordOnSite(repair.file, repair.ask, visit);

    const result = await repairOnSite(repair);
    await finishVisit(
      repair.file,
      visit,
      result.kind === 'anotherVisit' ? 'partiallyCompleted' : 'completed',
    );
    if (result.kind !== 'anotherVisit') return result.kind;
    needed = result.needed;
  }
}

/** Step 3, no part: listed, lent against formalities, issued (FLOW-LOAN). A rejected loan is a supervisor's to decide. */
async function borrowParts({ file, ask, undo }: Repair, lines: PartLine[]): Promise<void> {
  let asked = lines;
  while (asked.length > 0) {
    file.enter('borrowingParts');
    if ((await borrow(file, undo, asked)) !== 'rejected') return;
    const { decision, expectedParts } = await ask.rejectedLoan.completed({ lines: asked });
    asked = decision === 'askAgain' ? expectedParts : [];
  }
}

type OnSite =
  | { kind: 'repaired' }
  | { kind: 'notCovered' }
  | { kind: 'anotherVisit'; needed: PartLine[] };

/** Steps 7 to 9: determine, repair or replace, check the whole machine; a machine that does not run is analysed again. */
async function repairOnSite(repair: Repair): Promise<OnSite> {
  const { file, ask, done } = repair;
  for (;;) {
    const finding = await diagnose(file, ask);
    Object.assign(done, { faultCode: finding.faultCode, causeCode: finding.causeCode });
    done.documents.push(...documentOf(finding));
    if (!finding.covered && (await ask.coverage.completed({})).decision === 'notCovered')
      return { kind: 'notCovered' };

    const result = await replace(repair);
    if (result.kind === 'anotherVisit' || (await machineRuns(repair))) return result;
  }
}

/** Step 8, with the station's back-up as a rule. A fault that grows is escalated and planned anew; a missing part means another visit. */
async function replace(repair: Repair): Promise<OnSite> {
  const { file, ask } = repair;
  file.enter('repairing');
  for (;;) {
    file.tell(
      'backUpRequested',
      { kind: 'role', role: 'support', territory: file.plan.territory },
      { faultCode: repair.done.faultCode },
    );
    await ask.replacementAdvice.completed({});
    const report = await ask.repair.completed(
      { onLoan: onLoan(file), customerParts: repair.customerParts },
      forEngineer(file),
    );
    await noteRepair(repair, report);
    if (report.result === 'repaired') return { kind: 'repaired' };
    if (report.result === 'partMissing') return comeAgain(file, report.expectedParts);

    const { plan, expectedParts } = await escalate(repair);
    if (plan === 'anotherVisit') return comeAgain(file, expectedParts);
  }
}

async function noteRepair({ file, done }: Repair, report: Answered<'reportRepair'>): Promise<void> {
  done.remedyCode = report.remedyCode;
  done.documents.push(...documentOf(report));
  noteUse(done, report.usedParts);
  await reportUse(
    file,
    report.usedParts.filter((line) => line.source === 'loan'),
  );
}

function noteUse(done: WorkDone, used: WorkDone['used']): void {
  done.used.push(...used);
  done.coresToBringIn.push(...used.filter((line) => line.source === 'customer'));
}

/** The customer hears that it is not finished, and why (N03). */
function comeAgain(file: CaseFile<RepairStage>, needed: PartLine[]): OnSite {
  file.tellCustomer('notFinished');
  return { kind: 'anotherVisit', needed };
}

/** The fault grew, or the site can't solve it: the technical engineer plans measures, agreed with the customer (FLOW-ESC, N18). */
function escalate({ file, ask, done }: Repair): Promise<Answered<'planEscalation'>> {
  file.raiseAlert(1, 'fault grew');
  file.tell(
    'faultEscalated',
    { kind: 'role', role: 'support', territory: file.plan.territory },
    { faultCode: done.faultCode },
  );
  return ask.escalation.completed({});
}

/** Step 9: the whole main machine is checked; it runs normally, or the analysis starts again. */
async function machineRuns({ file, ask, done }: Repair): Promise<boolean> {
  file.enter('checkingMachine');
  const check = await ask.machineCheck.completed({}, forEngineer(file));
  done.machineRuns = check.runsNormally;
  if (check.runsNormally) file.meetClock('restore');
  return check.runsNormally;
}

/** Steps 10 to 13: service record, warranty procedure for what was used in this round, signature, rating, copy 4. True when satisfied. */
async function recordAndSign({ file, ask, done }: Repair, round: number): Promise<boolean> {
  const record = await writeRecord(file, ask, done, round);
  await claimWarranty(file, ask, done);
  return signAndRate(file, ask, record);
}

/** Step 14 and after: the work is completed; parts and slip come in, the customer is called. False sends the case back to service. */
async function completedAndVerified(repair: Repair): Promise<boolean> {
  repair.file.move('resolve');
  await bringPartsIn(repair);
  return (await verifyWithCustomer(repair.file, repair.ask)) === 'settled';
}

const bringPartsIn = ({ file, ask, done }: Repair) => returnParts(file, ask, done);
