/** The notification service: templates in two languages, an outbox with a delivery log (requirements section 6). */

import type { Recipient, SendRequest, Template } from '../../domain/message.ts';

export {
  type Recipient,
  type SendRequest,
  type Template,
  templates,
} from '../../domain/message.ts';

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
