/** Every update, signal and query, typed, once: shared by the workflows and their clients. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActionBody, ActionName } from '../domain/action-contracts.ts';
import type { CaseView, Envelope, OpenTask, TaskEnvelope } from '../domain/case.ts';
import type { Answer, TaskName } from '../domain/flows/tasks.ts';

/** What an accepted act leads to: the revision of the read model that holds it. */
export interface Accepted {
  revision: number;
}

/** A private document holds the personal parts of an answer, under this id; null when there were none. */
export type Public<Name extends TaskName> = Answer<Name> & { document: string | null };

const task = <Name extends TaskName>(name: Name) =>
  defineUpdate<Accepted, [TaskEnvelope<Public<Name>>], Name>(name);
const word = <Name extends ActionName>(name: Name) =>
  defineUpdate<Accepted, [Envelope<ActionBody<Name>>], Name>(name);

export const reportPhoneTriage = task('reportPhoneTriage');
export const reportGuidedReplacement = task('reportGuidedReplacement');
export const approveLoan = task('approveLoan');
export const receiveShortage = task('receiveShortage');
export const issueParts = task('issueParts');
export const decideRejectedLoan = task('decideRejectedLoan');
export const confirmVisit = task('confirmVisit');
export const confirmDeparture = task('confirmDeparture');
export const recordSiteFacts = task('recordSiteFacts');
export const confirmSafety = task('confirmSafety');
export const reportDiagnosis = task('reportDiagnosis');
export const adviseDiagnosis = task('adviseDiagnosis');
export const decideCoverage = task('decideCoverage');
export const adviseReplacement = task('adviseReplacement');
export const reportRepair = task('reportRepair');
export const planEscalation = task('planEscalation');
export const reportMachineCheck = task('reportMachineCheck');
export const writeServiceRecord = task('writeServiceRecord');
export const fileWarrantyClaim = task('fileWarrantyClaim');
export const signServiceRecord = task('signServiceRecord');
export const decideRefusedSignature = task('decideRefusedSignature');
export const reportReturn = task('reportReturn');
export const receiveOldParts = task('receiveOldParts');
export const recordCallback = task('recordCallback');
export const planFurtherService = task('planFurtherService');
export const decideFurtherService = task('decideFurtherService');
export const resolveFailure = task('resolveFailure');

// emergency response
export const answerPage = task('answerPage');
export const reportFirstContact = task('reportFirstContact');
export const reportRemoteFix = task('reportRemoteFix');
export const reportDataRecovery = task('reportDataRecovery');
export const writeIncidentReport = task('writeIncidentReport');
export const recordFollowUp = task('recordFollowUp');
export const reviewEmergency = task('reviewEmergency');
export const scoreDrill = task('scoreDrill');

// out-of-warranty repair
export const decideArrears = task('decideArrears');
export const decideSpecialUser = task('decideSpecialUser');
export const prepareQuote = task('prepareQuote');
export const recordQuoteAnswer = task('recordQuoteAnswer');
export const recordDeposit = task('recordDeposit');
export const handOutParts = task('handOutParts');
export const reportMadeSafe = task('reportMadeSafe');
export const confirmCharges = task('confirmCharges');
export const recordOldPartChoice = task('recordOldPartChoice');
export const takeInParts = task('takeInParts');
export const recordPayment = task('recordPayment');

// scheduled inspection
export const planRound = task('planRound');
export const recordAttendance = task('recordAttendance');
export const fileEarlyForm = task('fileEarlyForm');
export const fileMiddleForm = task('fileMiddleForm');
export const fileLateForm = task('fileLateForm');
export const analyseFindings = task('analyseFindings');
export const decideCauses = task('decideCauses');

// defect report
export const fileFaultAnalysis = task('fileFaultAnalysis');
export const verifyDefect = task('verifyDefect');
export const acknowledgeDefect = task('acknowledgeDefect');
export const reportRootCause = task('reportRootCause');
export const proposeAction = task('proposeAction');
export const approveAction = task('approveAction');
export const reportActionInPlace = task('reportActionInPlace');

export const escalate = word('escalate');
export const acknowledge = word('acknowledge');
export const hold = word('hold');
export const resume = word('resume');
export const reassign = word('reassign');
export const waive = word('waive');
export const reject = word('reject');
export const cancel = word('cancel');
export const close = word('close');
export const note = word('note');
export const requestSupport = word('requestSupport');
export const extendLoan = word('extendLoan');
export const writeOffLoan = word('writeOffLoan');
export const divert = word('divert');

/** A loan tells its case where it stands. */
export interface LoanReport {
  loan: string;
  status: 'requested' | 'rejected' | 'issued' | 'partiallyCleared' | 'cleared' | 'canceled';
  lines: { partNumber: string; issued: number; outstanding: number }[];
}
export const loanReported = defineSignal<[Envelope<LoanReport>]>('loanReported');
/** The case needs the loan no longer: not issued yet, it is called off; issued, the parts come back, so many of them used. */
export const loanNoLongerNeeded =
  defineSignal<[Envelope<{ used: { partNumber: string; quantity: number }[] }>]>(
    'loanNoLongerNeeded',
  );

/** A case tells its loans what a supervisor diverted to the built-in service. */
export const serviceDiverted = defineSignal<[Envelope<ActionBody<'divert'>>]>('serviceDiverted');

export const readCase = defineQuery<CaseView | null>('readCase');
export const readTasks = defineQuery<OpenTask[]>('readTasks');
/** How far the workflow has told: the revision that its read model should have. */
export const readRevision = defineQuery<number>('readRevision');
/** The rows are ahead of the workflow, at the given revision: a step was lost after it was written. It tells where it stands. */
export const tellAgain = defineSignal<[Envelope<{ above: number }>]>('tellAgain');
