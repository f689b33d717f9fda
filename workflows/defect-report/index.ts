import { later } from '../../domain/clock.ts';
import {
  type DefectOutcome,
  type DefectStage,
  defectReportFlow,
} from '../../domain/flows/defect-report/flow.ts';
import type { DefectReportPlan } from '../../domain/flows/defect-report/plan.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import type { EffectCheck } from '../../domain/recurrence.ts';
import { type CaseFile, openFile, settleCase } from '../case-file/index.ts';
import type { Settled } from '../case-file/settle.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow } from '../kernel/run.ts';
import { documentOf } from '../repair/sign-off.ts';
import { type Filed, fileCase } from '../repair/verification.ts';
import { type ActionInPlace, watchEffect } from './effect-watch.ts';
import { ofOwner, qualityDesk, reminding, roleOf, staff } from './product-owner.ts';

type DefectCase = CaseFile<DefectStage, DefectReportPlan>;

/** Product defect report, FLOW-DEF and FLOW-FRACAS. Endings: correctiveActionInPlace | notReproduced | withdrawnAsDuplicate, or closed
 *  by a supervisor. Nothing is undone on cancellation: before it is resolved a report binds nobody outside. Once the action is in
 *  place its effect is checked by a workflow of its own, which begins the next cycle of the report when the fault comes back. */
export async function defectReport(opened: OpenedCase<DefectReportPlan>): Promise<Settled> {
  const file: DefectCase = openFile(defectReportFlow, opened);
  const report: Report = { file, found: nothingFound(file), action: null };

  return settleCase(
    file,
    {},
    () => closeReport(report),
    async () => {
      file.move('triage');
      const analysis = await analyse(report);
      const verdict = await verify(report, analysis);
      if (verdict.result !== 'verified') return withdraw(report, verdict);

      const { owner, acknowledgedAt } = await ownerAcknowledges(report, verdict);
      const cause = await findRootCause(report, owner, acknowledgedAt);
      const proposal = await proposeUntilApproved(report, owner, cause);
      await putInPlace(report, owner, proposal);
      file.move('resolve');
      await informSources(report, cause);
      return 'correctiveActionInPlace' satisfies DefectOutcome;
    },
  );
}

interface Report {
  file: DefectCase;
  /** For the knowledge entry. */
  found: Filed;
  /** Set once it is in place. */
  action: ActionInPlace | null;
}

function nothingFound({ plan }: DefectCase): Filed {
  return { faultCode: plan.faultCode, causeCode: null, remedyCode: null, used: [], documents: [] };
}

/** The fault-analysis form: failure mode, conditions, occurrences, evidence. In a later cycle it starts from why the action failed. */
async function analyse({ file, found }: Report): Promise<Answered<'fileFaultAnalysis'>> {
  file.enter('analysing');
  const { productModel, faultCode, affectedSerials } = file.plan;
  const failedEffectCheck = await whyReopened(file);
  const about = { productModel, faultCode, affectedSerials, failedEffectCheck };
  const analysis = await file.ask('fileFaultAnalysis', about);
  found.documents.push(...documentOf(analysis));
  return analysis;
}

async function whyReopened(file: DefectCase): Promise<EffectCheck | null> {
  const { cycle } = file;
  if (cycle === 1) return null;
  const before = { cycle: cycle - 1 };
  const failedEffectCheck = await file.call('defects', 'effectCheckOf', before, 'why it goes on', {
    without: { give: null },
  });
  file.know({ failedEffectCheck });
  return failedEffectCheck;
}

/** Reproduced and graded, or not: the grade is the severity from now on. */
async function verify(
  { file, found }: Report,
  { failureModeCode, occurrences, answeredAt }: Answered<'fileFaultAnalysis'>,
): Promise<Answered<'verifyDefect'>> {
  file.enter('verifyingDefect');
  const verdict = await file.ask(
    'verifyDefect',
    { failureModeCode, occurrences, reportNumber: file.caseNumber },
    reminding(file, 'verifyDefect', qualityDesk(file.plan), answeredAt),
  );
  found.documents.push(...documentOf(verdict));
  if (verdict.grade) file.regrade(severities[verdict.grade]);
  file.know({ failureModeCode, grade: verdict.grade ?? null });
  return verdict;
}

const severities = { critical: 'critical', major: 'high', minor: 'low' } as const;

/** Not a defect of its own: those that it came from are told why. */
async function withdraw(
  { file }: Report,
  { result, duplicateOf }: Answered<'verifyDefect'>,
): Promise<DefectOutcome> {
  file.move('resolve');
  file.enter('informing');
  const [note, outcome] =
    result === 'duplicate'
      ? (['defectWithdrawn', 'withdrawnAsDuplicate'] as const)
      : (['defectNotReproduced', 'notReproduced'] as const);
  await noteOnSources(file, note, duplicateOf ? { duplicateOf } : {});
  return outcome;
}

/** The product owner is told, reminded until the acknowledgement, and named by it. */
async function ownerAcknowledges(
  { file }: Report,
  { grade = 'minor', answeredAt }: Answered<'verifyDefect'>,
): Promise<{ owner: string; acknowledgedAt: string }> {
  file.enter('acknowledging');
  const { productModel, faultCode } = file.plan;
  const desk = qualityDesk(file.plan);
  file.tell('defectReported', desk, { productModel, faultCode, grade });
  const { owner, answeredAt: acknowledgedAt } = await file.ask(
    'acknowledgeDefect',
    { grade },
    reminding(file, 'acknowledgeDefect', desk, answeredAt),
  );
  file.assign(owner);
  file.know({ owner });
  return { owner, acknowledgedAt };
}

async function findRootCause(
  { file, found }: Report,
  owner: string,
  since: string,
): Promise<Answered<'reportRootCause'>> {
  file.enter('findingRootCause');
  const cause = await file.ask(
    'reportRootCause',
    {},
    ofOwner(file, 'reportRootCause', owner, since),
  );
  found.causeCode = cause.causeCode;
  found.documents.push(...documentOf(cause));
  file.know({ rootCause: { causeCode: cause.causeCode, origin: cause.origin } });
  return cause;
}

interface Proposal extends Answered<'proposeAction'> {
  dueAt: string;
  approvedAt: string;
}

/** The owner proposes until the review board approves: a supervisor, with a reason either way. */
async function proposeUntilApproved(
  { file, found }: Report,
  owner: string,
  { causeCode, answeredAt }: Answered<'reportRootCause'>,
): Promise<Proposal> {
  const { productModel, affectedSerials, actionWithinMs } = file.plan;
  for (let since = answeredAt; ; ) {
    file.enter('proposingAction');
    const proposedDueAt = later(since, actionWithinMs);
    const proposal = await file.ask(
      'proposeAction',
      { causeCode, productModel, affectedSerials, earliestDueAt: since, proposedDueAt },
      ofOwner(file, 'proposeAction', owner, since),
    );
    const { actionCode, dueAt = proposedDueAt, affectedModels, treats } = proposal;
    file.enter('approvingAction');
    const review = await file.ask('approveAction', { actionCode, dueAt, affectedModels });
    since = review.answeredAt;
    if (!review.approved) continue;
    found.documents.push(...documentOf(proposal));
    found.remedyCode = actionCode;
    file.know({ action: { actionCode, dueAt, affectedModels, treats, state: 'approved' } });
    return { ...proposal, dueAt, approvedAt: since };
  }
}

/** Done by its due date: the owner is reminded before it and at it, and an alert is raised when it has passed. */
async function putInPlace(report: Report, owner: string, proposal: Proposal): Promise<void> {
  const { file, found } = report;
  const { actionCode, dueAt, affectedModels, treats, approvedAt } = proposal;
  file.enter('implementing');
  const remind = () => file.tell('actionDue', staff(owner), { actionCode, dueAt });
  const overdue = () => {
    remind();
    file.raiseAlert(1, 'corrective action overdue');
  };
  const early = later(dueAt, -file.plan.actionReminderMs);
  const done = await file.ask(
    'reportActionInPlace',
    { actionCode, dueAt, treats, treatedSerials: proposal.treatedSerials },
    {
      assignee: owner,
      notBefore: dueAt,
      reminders: [
        ...(early > approvedAt ? [{ at: early, say: remind }] : []),
        { at: dueAt, say: overdue },
      ],
    },
  );
  found.documents.push(...documentOf(done));
  const treatedSerials = treats === 'allUnits' ? null : done.treatedSerials;
  report.action = { actionCode, affectedModels, treatedSerials, inPlaceAt: done.answeredAt };
  file.know({ action: { ...report.action, dueAt, state: 'inPlace' } });
}

/** Feedback to those that the report came from and to their users; the findings to R&D, production, process and marketing. */
async function informSources(
  { file, action }: Report,
  { causeCode, origin }: Answered<'reportRootCause'>,
): Promise<void> {
  file.enter('informing');
  const { productModel, faultCode } = file.plan;
  const actionCode = action?.actionCode ?? '';
  const sources = await noteOnSources(file, 'defectCorrected', { causeCode, actionCode });
  for (const { caseNumber, serialNumber, customerNumber } of sources)
    if (customerNumber !== null)
      file.tell('defectCorrected', { kind: 'customer', caseNumber }, { caseNumber, serialNumber });
  const toAll = { productModel, faultCode, causeCode, origin, actionCode };
  file.tell('defectFindings', roleOf(file.plan, 'manager'), toAll);
}

const noteOnSources = (file: DefectCase, note: string, detail: Record<string, string>) =>
  file.call(
    'defects',
    'noteOnSources',
    { note, at: isoNow(), detail, windowMs: file.plan.trend.windowMs },
    `tell the source cases: ${note}`,
    { without: { give: [] } },
  );

/** However it was closed: knowledge entry and archive, and from then on the effect of what is in place is watched. */
async function closeReport({ file, found, action }: Report): Promise<void> {
  await fileCase(file, found);
  if (action) await watchEffect(file, action);
}
