/** What a partner's message system answers. It gets each message ready: in the recipient's language, with the address. */
import { z } from 'zod';
import type { SendRequest, Template } from '../../domain/message.ts';
import type { Notification, NotificationQuestions } from '../notification/index.ts';
import { type ContractOf, effect, question } from './operations.ts';
import { count, id, instant, pageSize } from './values.ts';

/** A message on its way to a partner. It holds a name and an address: it comes from our database, never through the engine (D9). */
export type ReadyMessage = SendRequest &
  Pick<Notification, 'channel' | 'locale' | 'text'> & {
    /** Null where the recipient is a role, or has none. */
    name: string | null;
    phone: string | null;
    mail: string | null;
  };

/** The message system of a partner, as the adapter sees it. */
export interface MessageGateway {
  effects: {
    /** Takes a message once per effect key. */
    send(message: ReadyMessage): Promise<{ notificationNumber: string }>;
  };
  questions: NotificationQuestions;
}

/** Open: a message that the product learns to send is no change of the contract. */
const template = id.describe('what it says, such as dispatched') as unknown as z.ZodType<Template>;
const said = {
  caseNumber: id,
  sequence: count.describe('messages of one case go out in this order'),
  template,
  channel: z.enum(['sms', 'mail', 'internal']),
  recipient: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('customer'), caseNumber: id }),
    z.object({ kind: z.literal('role'), role: id, territory: id }),
    z.object({ kind: z.literal('staff'), staffNumber: id }),
    z.object({ kind: z.literal('sender'), inboundNumber: id }),
  ]),
  locale: z.enum(['zh-CN', 'en']),
  text: z.string().max(10_000),
};

export const notificationContract = {
  effects: {
    send: effect(
      'Takes a message once per key and sees to its delivery',
      {
        ...said,
        params: z.record(z.string().max(100), z.union([z.string().max(1_000), z.number()])),
        name: z.string().max(255).nullable(),
        phone: z.string().max(255).nullable(),
        mail: z.string().max(255).nullable(),
      },
      z.object({ notificationNumber: id }),
      'UnknownRecipient',
    ),
  },
  questions: {
    list: question(
      'Messages taken, oldest first by `createdAt`, from the one after `after` on',
      { caseNumber: id.optional(), after: id.optional(), limit: pageSize },
      z.array(
        z.object({
          ...said,
          notificationNumber: id,
          effectKey: id,
          status: z.enum(['kept', 'pending', 'sent', 'failed', 'expired']),
          createdAt: instant,
          deliveries: z.array(
            z.object({
              attempt: count,
              at: instant,
              result: z.enum(['kept', 'sent', 'failed', 'unknown']),
              detail: z.string().nullable(),
            }),
          ),
        }),
      ),
    ),
  },
} satisfies ContractOf<MessageGateway>;
