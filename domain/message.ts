/** The messages that a case sends (docs/requirements.md, M..): by number and code, never with a name in them. */

/** What each says; `M01` is its id in docs/requirements.md. */
export const templates = [
  'applicationConfirmed', // M01
  'dispatched', // M02
  'notFinished', // M03
  'rateUs', // M04
  'resultReport', // M05
  'alert', // M16
  'faultEscalated', // M18
  'backUpRequested', // M19
  'applicationRejected',
  'caseCanceled',
  'serviceRecordCopy', // R53, copy 4
  'loanIssued',
  'loanOverdue',
  'assigned',
  'quotePresented',
  'quoteReminder',
  'serviceRefused',
  'decisionDue',
  'paymentDue',
  'invoiceIssued',
  'paymentReceived',
  'refunded',
  'soldPartsComeBack',
  'paged', // M17
  'pageUnanswered',
  'improvementProposed',
  'inspectionAnnounced', // M08
  'inspectorAssigned',
  'earlyFindings', // M14, and what later rounds found that is no fault
  'causesReported', // M32
  'upgradesNeeded', // M33
  'defectReported',
  'defectReminder',
  'actionDue',
  'defectFindings',
  'defectCorrected',
  'effectChecked',
  'rateAgain', // M04, an unknown letter
  'noOpenCase',
] as const;
export type Template = (typeof templates)[number];

export type Recipient =
  | { kind: 'customer'; caseNumber: string }
  | { kind: 'role'; role: string; territory: string }
  | { kind: 'staff'; staffNumber: string };

/** Whoever sent a message that belongs to no case: told under the message's own number. */
export interface Sender {
  kind: 'sender';
  inboundNumber: string;
}

export interface SendRequest {
  effectKey: string;
  caseNumber: string;
  /** Messages of one case go out in this order (I7). */
  sequence: number;
  template: Template;
  recipient: Recipient | Sender;
  /** Numbers, codes and instants only; names and phones are looked up by the service. */
  params: Record<string, string | number>;
}

/** Whom it goes to, as an auditor reads it: a role, a staff number, never a name. */
export function nameOf(recipient: Recipient): string {
  if (recipient.kind === 'customer') return 'the customer';
  return recipient.kind === 'role' ? recipient.role : recipient.staffNumber;
}

/** The message that asks for a letter from A to D: an answer to it is looked for by its line on the timeline. */
export const invitation: Template = 'rateUs';
