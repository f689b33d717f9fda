/** The notification service: templates in two languages, an outbox with a delivery log (requirements section 6). */

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
  'caseCanceled',
  'serviceRecordCopy', // R53, copy 4
  'loanIssued',
  'loanOverdue',
  'assigned',
] as const;
export type Template = (typeof templates)[number];

export type Recipient =
  | { kind: 'customer'; caseNumber: string }
  | { kind: 'role'; role: string; territory: string }
  | { kind: 'staff'; staffNumber: string };

export interface SendRequest {
  effectKey: string;
  caseNumber: string;
  /** Messages of one case go out in this order (I7). */
  sequence: number;
  template: Template;
  recipient: Recipient;
  /** Numbers, codes and instants only; names and phones are looked up by the service. */
  params: Record<string, string | number>;
}

export interface Notification {
  notificationNumber: string;
  effectKey: string;
  caseNumber: string;
  sequence: number;
  template: Template;
  channel: 'sms' | 'mail' | 'internal';
  recipient: Recipient;
  locale: 'zh-CN' | 'en';
  text: string;
  status: 'queued' | 'delivered' | 'failed';
  createdAt: string;
  deliveries: {
    attempt: number;
    at: string;
    result: 'delivered' | 'failed';
    detail: string | null;
  }[];
}

export interface NotificationService {
  /** Accepts a message once per effect key, renders it in the recipient's language, and delivers it by the built-in channel. */
  send(request: SendRequest): Promise<{ notificationNumber: string }>;
  list(filter: {
    caseNumber?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<Notification[]>;
}
