import {
  type InspectionOutcome,
  type InspectionStage,
  scheduledInspectionFlow,
} from '../domain/flows/scheduled-inspection/flow.ts';
import type { Cause, Finding } from '../domain/flows/scheduled-inspection/form.ts';
import type { RoundPlan } from '../domain/flows/scheduled-inspection/plan.ts';
import type { Answer } from '../domain/flows/tasks.ts';
import type { OpenedCase } from '../domain/plan.ts';
import { type CaseFile, openFile, settleCase } from './case-file/index.ts';
import type { Settled, UndoList } from './case-file/settle.ts';
import { openLinked } from './repair/linked.ts';
import { archive } from './repair/verification.ts';
import {
  bookUntilFree,
  cancelVisit,
  finishVisit,
  forEngineer,
  type Visit,
} from './repair/visit.ts';

/** Scheduled inspection, FLOW-INSP. Endings: inspected, or closed by a supervisor.
 *  Undone on cancellation: the inspector's time. Cases that its findings opened go on by themselves. */
export async function scheduledInspection(opened: OpenedCase<RoundPlan>): Promise<Settled> {
  const file = openFile<InspectionStage, RoundPlan>(scheduledInspectionFlow, opened);

  return settleCase(
    file,
    { cancelVisit: cancelVisit(file) },
    () => fileForms(file),
    async (undo) => {
      const round: Round = { file, undo };
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

type InspectionCase = CaseFile<InspectionStage, RoundPlan>;
const forms = { early: 'fileEarlyForm', middle: 'fileMiddleForm', late: 'fileLateForm' } as const;

interface Round {
  file: InspectionCase;
  undo: UndoList;
}
/** What the forms of all phases have in common; causes are the late phase's. */
interface Form {
  findings: Finding[];
  causes?: Cause[];
}

/** A round falls due: by its plan, or ad hoc. */
function acceptRound(file: InspectionCase): void {
  const { phase, assets, occurrence } = file.plan;
  file.move('triage');
  file.startClock('resolution', file.openedAt);
  const { scheduleNumber, nominalAt } = occurrence ?? {};
  file.know({ phase, assets: assets.length, ...(occurrence && { scheduleNumber, nominalAt }) });
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
function planRound({ file, undo }: Round): Promise<RoundVisit> {
  const { territory, roundMinutes, assets } = file.plan;
  const serialNumbers = assets.map((asset) => asset.serialNumber);
  file.enter('planningRound');
  return bookUntilFree(file, undo, {
    wanted: { skill: null, territory, durationMinutes: roundMinutes },
    agree: (proposed) => file.ask('planRound', { serialNumbers, ...proposed }),
    booked: (visit, slot, { route }) => announced(file, { ...visit, route }, slot),
  });
}

/** Customer and inspector hear when (M08). */
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
async function inspect({ file }: Round, visit: RoundVisit): Promise<Form | null> {
  const { engineerNumber, start, route } = visit;
  file.enter('inspecting');
  let absent = false;
  const attend = async () => {
    const call = await file.ask(
      'recordAttendance',
      { engineerNumber, start },
      { notBefore: start },
    );
    absent = !call.attended;
  };
  const fill = () =>
    file.askUnless(
      forms[file.plan.phase],
      { serialNumbers: route },
      { ...forEngineer(file, start), unless: () => absent },
    );
  const [form] = await Promise.all([fill(), attend()]);
  return absent ? null : form;
}

/** Step 7: the engineer analyses what was found, gives advice, and says what becomes of it. Possible problems of the early phase go
 *  to the leaders at once (step 3, M14). */
function analyse({ file }: Round, { findings, causes = [] }: Form) {
  const { phase } = file.plan;
  file.know({ findings, causes });
  if (phase === 'early')
    tellProblems(
      file,
      findings.filter(({ kind }) => !needs.includes(kind)),
    );
  file.enter('analysing');
  return file.ask('analyseFindings', { phase, findings });
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
    await openLinked(file, { kind: 'inspection', request });
  }
  for (const { serialNumber, faultCode: code = '' } of chosen(defects)) {
    const asset = assets.find((one) => one.serialNumber === serialNumber);
    const request = {
      productModel: asset?.productModel,
      fault: { code },
      source: { kind: 'inspection', caseNumber: file.caseNumber },
      affectedSerials: [serialNumber],
    };
    await openLinked(file, { kind: 'inspection', flow: 'defectReport', request });
  }
}

/** Upgrade and replacement needs go to the leaders (M33), and what a later round found that is no fault; the late phase's causes to the company for a decision (step 5, M32). */
async function reportToLeaders({ file }: Round, form: Form): Promise<void> {
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
  const { decisions } = await file.ask('decideCauses', { causes });
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
