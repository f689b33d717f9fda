/** The technical team's part of an emergency: first contact, remote fix, data recovery (FLOW-EMER 3–4, FLOW-TS). */
import type { Severity } from '../../domain/case.ts';
import type { EmergencyPlan } from '../../domain/flows/emergency-response/plan.ts';
import type { PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import { documentOf, type WorkDone } from '../repair/sign-off.ts';

export type SupportStage = 'firstContact' | 'remoteFix' | 'recoveringData';
type SupportedCase = CaseFile<SupportStage, EmergencyPlan>;

/** An emergency as its paragraphs hand it on. */
export interface Emergency {
  file: SupportedCase;
  done: WorkDone;
  customerParts: PartLine[];
  /** Staff number of whoever of the technical team worked on it last. */
  responder: string;
  severity: Severity;
  dataLost: boolean;
  /** Staff numbers of those who worked on it, for the incident report. */
  crew: Set<string>;
}

/** How the service comes back; `borrow` names the parts that must be lent for a visit. */
export type Way =
  | { kind: 'remote' }
  | { kind: 'visit'; borrow: PartLine[] }
  | { kind: 'dataRecovery' }
  | { kind: 'fixed' };

/** Step 3: by phone, mail or on site within the grade's limit; the problem confirmed, a first solution given (M30), the grade confirmed. */
export async function contactCustomer(emergency: Emergency): Promise<Way> {
  const { file, severity } = emergency;
  const { expectedParts, drill } = file.plan;
  file.enter('firstContact');
  const contact = await file.ask(
    'reportFirstContact',
    { severity, expectedParts, drill },
    { assignee: file.assignee() },
  );
  noteWork(emergency, contact);
  file.know({ firstContact: contact.channel });
  emergency.customerParts = contact.customerParts;
  return asFound(emergency, contact, contact.way);
}

/** A change that fixes nothing is rolled back, the customer told, the emergency graded anew, the next way chosen. */
export async function fixRemotely(emergency: Emergency): Promise<Way> {
  const { file } = emergency;
  file.enter('remoteFix');
  for (;;) {
    const { severity, dataLost } = emergency;
    const { expectedParts } = file.plan;
    const fix = await file.ask(
      'reportRemoteFix',
      { severity, expectedParts, dataLost },
      { assignee: file.assignee() },
    );
    noteWork(emergency, fix);
    const next = asFound(emergency, fix, fix.next ?? 'remote');
    if (fix.result === 'fixed') {
      file.meetClock('restore');
      return { kind: 'fixed' };
    }
    file.tellCustomer('notFinished', { reason: 'remoteFixFailed' });
    if (next.kind !== 'remote') return next;
  }
}

/** From backup, replica or media; what stays lost is known to the branch before the customer verifies. */
export async function recoverData(emergency: Emergency): Promise<void> {
  const { file } = emergency;
  file.enter('recoveringData');
  for (let attempt = 1; ; attempt += 1) {
    const meant = { assignee: emergency.responder };
    const report = await file.ask('reportDataRecovery', { attempt }, meant);
    noteWork(emergency, report);
    if (report.tryAgain) continue;
    if (report.recovered !== 'complete') file.raiseAlert(2, 'data lost for good');
    emergency.dataLost = false;
    file.know({ data: report.recovered });
    return;
  }
}

/** What was found: the grade it has from now on, whether data is lost, and the way that the service comes back. */
function asFound(
  emergency: Emergency,
  found: { severity: Severity; dataLost: boolean; expectedParts: PartLine[] },
  way: 'remote' | 'visit' | 'dataRecovery',
): Way {
  const { file } = emergency;
  const { severity, dataLost, expectedParts } = found;
  if (severity !== emergency.severity) file.regrade(severity, file.plan.targetsMs[severity]);
  Object.assign(emergency, { severity, dataLost });
  return way === 'visit' ? { kind: way, borrow: expectedParts } : { kind: way };
}

/** Who worked on it, and the words of it, for the incident report. */
export function noteWork(
  emergency: Emergency,
  answer: { answeredBy: { id: string }; document: string | null },
): void {
  emergency.responder = answer.answeredBy.id;
  emergency.crew.add(answer.answeredBy.id);
  emergency.done.documents.push(...documentOf(answer));
}
