/** The messages that a case sends (requirements section 6): by number and code, never with a name in them. */

/** The catalogue's message numbers, by what they say. */
export const templates = [
  'applicationConfirmed', // N01
  'dispatched', // N02
  'notFinished', // N03
  'rateUs', // N04
  'resultReport', // N05
  'visitTime', // N08
  'callbackDue', // N09
  'alert', // N16
  'faultEscalated', // N18
  'backUpRequested', // N19
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
  'paged', // N17
  'pageUnanswered',
  'improvementProposed',
  'inspectionAnnounced', // N08
  'inspectorAssigned',
  'earlyFindings', // N14, and what later rounds found that is no fault
  'causesReported', // N32
  'upgradesNeeded', // N33
  'defectReported',
  'defectReminder',
  'actionDue',
  'defectFindings',
  'defectCorrected',
  'effectChecked',
  'rateAgain', // N04, an unknown letter
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
