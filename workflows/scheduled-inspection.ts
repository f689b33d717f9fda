import type {
  InspectionOutcome,
  InspectionStage,
} from '../domain/flows/scheduled-inspection/flow.ts';
import type { Cause, Finding } from '../domain/flows/scheduled-inspection/form.ts';
import type { InspectionPlan } from '../domain/flows/scheduled-inspection/plan.ts';
import type { Answer } from '../domain/flows/tasks.ts';
import type { OpenedCase } from '../domain/plan.ts';
import { type CaseFile, openCaseFile, settleCase } from './kernel/case-file.ts';
import type { Settled, UndoList } from './kernel/settle.ts';
import { humanTask } from './kernel/tasks.ts';
import * as messages from './messages.ts';
import { archive } from './paragraphs/verification.ts';
import {
  bookUntilFree,
  cancelVisit,
  finishVisit,
  forEngineer,
  type Visit,
} from './paragraphs/visit.ts';

/** Scheduled inspection, FLOW-INSP. Endings: inspected, or closed by a supervisor.
 *  Undone on cancellation: the inspector's time. Cases that its findings opened go on by themselves. */
export async function scheduledInspection(opened: OpenedCase<InspectionPlan>): Promise<Settled> {
  const file = openCaseFile<InspectionStage, InspectionPlan>(opened);
  const ask = inspectionTasks(file);

  return settleCase(
    file,
    { cancelVisit },
    () => fileForms(file),
    async (undo) => {
      const round: Round = { file, ask, undo };
      acceptRound(file);
      const form = await inspectUntilAttended(round);
      const analysis = await analyse(round, form);
      await dispatchFindings(file, form.findings, analysis);
      await reportToLeaders(round, form);
      file.move('resolve');
      return 'inspected' satisfies InspectionOutcome;
    },
  );
}

type InspectionCase = CaseFile<InspectionStage, InspectionPlan>;
interface Round {
  file: InspectionCase;
  ask: ReturnType<typeof inspectionTasks>;
  undo: UndoList;
}
/** What the forms of all phases have in common; causes are the late phase's. */
interface Form {
  findings: Finding[];
  causes?: Cause[];
}

/** Who may speak, beside the supervisor. */
function inspectionTasks({ work }: InspectionCase) {
  return {
    plan: humanTask(messages.planRound, work),
    attendance: humanTask(messages.recordAttendance, work),
    form: {
      early: humanTask(messages.fileEarlyForm, work),
      middle: humanTask(messages.fileMiddleForm, work),
      late: humanTask(messages.fileLateForm, work),
    },
    analysis: humanTask(messages.analyseFindings, work),
    decision: humanTask(messages.decideCauses, work),
  };
}

/** A round falls due: by its plan, or ad hoc. */
function acceptRound(file: InspectionCase): void {
  const { phase, assets, occurrence } = file.plan;
  file.move('triage');
  file.startClock('resolution', file.openedAt);
  const due = occurrence && { planNumber: occurrence.planNumber, nominalAt: occurrence.nominalAt };
  file.know({ phase, assets: assets.length, ...due });
}

/** Steps 1 to 6. An inspector who was not there is no exception that the documents answer: the round is planned anew. */
async function inspectUntilAttended(round: Round): Promise<Form> {
  for (;;) {
    const visit = await planRound(round);
    const form = await inspect(round, visit);
    await finishVisit(round.file, visit, form ? 'completed' : 'cannotComplete');
    if (form) return form;
    round.file.raiseAlert(1, 'inspector absent');
  }
}

interface RoundVisit extends Visit {
  route: string[];
}

/** Step 1: the weekly plan says who goes, when, and in which order (R71); a slot that was taken meanwhile is planned anew. */
function planRound({ file, ask, undo }: Round): Promise<RoundVisit> {
  const { territory, roundMinutes, assets } = file.plan;
  const serialNumbers = assets.map((asset) => asset.serialNumber);
  file.enter('planningRound');
  return bookUntilFree(file, undo, {
    wanted: { skill: null, territory, durationMinutes: roundMinutes },
    agree: (proposed) => ask.plan.completed({ serialNumbers, ...proposed }),
    booked: (visit, slot, { route }) => announced(file, { ...visit, route }, slot),
  });
}

/** Customer and inspector hear when (N08). */
function announced(
  file: InspectionCase,
  visit: RoundVisit,
  { end, staffNumber }: { end: string; staffNumber: string },
): RoundVisit {
  const { engineerNumber, start } = visit;
  const { assets, customerNumber } = file.plan;
  file.assign(staffNumber);
  file.know({ visit: { engineerNumber, start, end } });
  const slot = { engineerNumber, start, end, assets: assets.length };
  file.tellCustomer('inspectionAnnounced', slot);
  file.tell('inspectorAssigned', { kind: 'staff', staffNumber }, { ...slot, customerNumber });
  return visit;
}

/** Steps 2 to 6: the inspector fills in the form of the phase; customer service phones whether he is there (R72), in either order.
 *  Null: he was not, and whatever was filed does not count. */
async function inspect({ file, ask }: Round, visit: RoundVisit): Promise<Form | null> {
  const { engineerNumber, start, route } = visit;
  file.enter('inspecting');
  let absent = false;
  const attend = async () => {
    const call = await ask.attendance.completed({ engineerNumber, start }, { notBefore: start });
    absent = !call.attended;
  };
  const fill = () =>
    ask.form[file.plan.phase].completedUnless(
      () => absent,
      { serialNumbers: route },
      forEngineer(file, start),
    );
  const [form] = await Promise.all([fill(), attend()]);
  return absent ? null : form;
}

/** Step 7: the engineer analyses what was found, gives advice, and says what becomes of it. Possible problems of the early phase go
 *  to the leaders at once (step 3, N14). */
function analyse({ file, ask }: Round, { findings, causes = [] }: Form) {
  const { phase } = file.plan;
  file.know({ findings, causes });
  if (phase === 'early')
    tellProblems(
      file,
      findings.filter(({ kind }) => !needs.includes(kind)),
    );
  file.enter('analysing');
  return ask.analysis.completed({ phase, findings });
}

function tellProblems(file: InspectionCase, found: Finding[]): void {
  if (found.length === 0) return;
  const requests = found.filter(({ kind }) => kind === 'customerProblem').length;
  tellLeaders(file, 'earlyFindings', found, { problems: found.length - requests, requests });
}

/** Faults go to repair (FLOW-FIELD), recurring ones become defect reports (FLOW-DEF): cases of their own, that nobody waits for. */
async function dispatchFindings(
  file: InspectionCase,
  findings: Finding[],
  { repairs, defects }: Answer<'analyseFindings'>,
): Promise<void> {
  const { assets, customerNumber } = file.plan;
  const chosen = (numbers: number[]) => numbers.flatMap((number) => findings[number - 1] ?? []);
  file.enter('dispatchingFindings');
  for (const { serialNumber, faultCode: code = '' } of chosen(repairs)) {
    const request = { class: 'repair', customerNumber, serialNumber, fault: { code } };
    await file.openLinked({ kind: 'inspection', request });
  }
  for (const { serialNumber, faultCode: code = '' } of chosen(defects)) {
    const asset = assets.find((one) => one.serialNumber === serialNumber);
    const request = {
      productModel: asset?.productModel,
      fault: { code },
      source: { kind: 'inspection', caseNumber: file.caseNumber },
      affectedSerials: [serialNumber],
    };
    await file.openLinked({ kind: 'inspection', flow: 'defectReport', request });
  }
}

/** Upgrade and replacement needs go to the leaders (N33), and what a later round found that is no fault; the late phase's causes to the company for a decision (step 5, N32). */
async function reportToLeaders({ file, ask }: Round, form: Form): Promise<void> {
  const { findings, causes = [] } = form;
  file.enter('reporting');
  const needed = findings.filter(({ kind }) => needs.includes(kind));
  const upgrades = needed.filter(({ kind }) => kind === 'upgradeNeeded').length;
  if (needed.length > 0)
    tellLeaders(file, 'upgradesNeeded', needed, {
      upgrades,
      replacements: needed.length - upgrades,
    });
  if (file.plan.phase !== 'early')
    tellProblems(
      file,
      findings.filter(({ kind }) => faultless.includes(kind)),
    );
  if (causes.length === 0) return;
  const named = causes.map(
    ({ serialNumber, faultCode, causeCode }) => `${serialNumber} ${faultCode} ${causeCode}`,
  );
  tellLeaders(file, 'causesReported', causes, { causes: named.join(', ') });
  const { decisions } = await ask.decision.completed({ causes });
  file.know({ decisions });
}

const needs: Finding['kind'][] = ['upgradeNeeded', 'replacementNeeded'];
/** Nobody repairs them, nobody examines them. */
const faultless: Finding['kind'][] = ['possibleProblem', 'customerProblem'];

function tellLeaders(
  file: InspectionCase,
  template: 'earlyFindings' | 'upgradesNeeded' | 'causesReported',
  about: { serialNumber: string }[],
  params: Record<string, string | number>,
): void {
  const { territory, customerNumber } = file.plan;
  const serialNumbers = [...new Set(about.map(({ serialNumber }) => serialNumber))].join(', ');
  file.tell(
    template,
    { kind: 'role', role: 'manager', territory },
    { customerNumber, serialNumbers, ...params },
  );
}

/** Forms filed: what was answered stands in the file; the case gets its archive code (R73, R74). */
async function fileForms(file: InspectionCase): Promise<void> {
  file.enter('filing');
  const { archiveCode } = await archive(file);
  file.know({ archiveCode });
}
