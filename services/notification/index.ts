/** The notification service: templates in two languages, an outbox with a delivery log (docs/requirements.md, M..). */

import type { Recipient, Sender, SendRequest, Template } from '../../domain/message.ts';
import type { StatusLinks } from '../status-links/index.ts';

export {
  type Recipient,
  type Sender,
  type SendRequest,
  type Template,
  templates,
} from '../../domain/message.ts';

/** Which ways out are set up; where there is none, a message stays in the outbox. */
export interface Channels {
  sms: boolean;
  mail: boolean;
  /** Null: customers get no link. */
  links: StatusLinks | null;
}
export const noChannels: Channels = { sms: false, mail: false, links: null };

/** `kept`: no gateway is set up for it. `pending` until its gateway took it, refused it for good, or its time was over, as it is
 *  once its gateway is no longer set up. */
export type NotificationStatus = 'kept' | 'pending' | 'sent' | 'failed' | 'expired';

export interface Notification {
  notificationNumber: string;
  effectKey: string;
  caseNumber: string;
  sequence: number;
  template: Template;
  channel: 'sms' | 'mail' | 'internal';
  recipient: Recipient | Sender;
  locale: 'zh-CN' | 'en';
  text: string;
  status: NotificationStatus;
  createdAt: string;
  /** `unknown`: whoever tried it fell silent, and it may have gone out. */
  deliveries: {
    attempt: number;
    at: string;
    result: 'kept' | 'sent' | 'failed' | 'unknown';
    detail: string | null;
  }[];
}

export interface NotificationEffects {
  /** Accepts a message into the outbox once per effect key, rendered in the recipient's language. What it goes out by is set up
   *  beside it: `services/delivery`. */
  send(request: SendRequest): Promise<{ notificationNumber: string }>;
}

export interface NotificationQuestions {
  /** In the order of acceptance, from the one after `after` on. */
  list(filter: {
    caseNumber?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<Notification[]>;
}

export interface NotificationService {
  effects: NotificationEffects;
  questions: NotificationQuestions;
}
