/** Messages that arrive: kept once per message id, and brought to the case of whoever sent them. */
import type { Page } from '../../db/cursor.ts';
import type { Rating } from '../../domain/values.ts';

/** `received`: not settled yet. `waiting`: a rating, until the callback is asked for; `late`: it never was, or another round began.
 *  `unmatched`: its sender has no open case. */
export const inboundStatuses = [
  'received',
  'rated',
  'waiting',
  'late',
  'noted',
  'prompted',
  'unmatched',
] as const;
export type InboundStatus = (typeof inboundStatuses)[number];

/** A message as its gateway handed it over. */
export interface ArrivedMessage {
  channel: 'sms' | 'mail';
  /** The gateway's: what it hands over again has the same. */
  messageId: string;
  /** A phone number or a mail address. */
  from: string;
  subject: string | null;
  text: string;
}

export interface InboundMessage {
  inboundNumber: string;
  channel: 'sms' | 'mail';
  /** Digits of a phone number, or a mail address in small letters. */
  sender: string;
  subject: string | null;
  text: string;
  receivedAt: string;
  status: InboundStatus;
  caseNumber: string | null;
  rating: Rating | null;
}

/** The open case that a message belongs to. */
export interface MessageCase {
  caseNumber: string;
  /** The open task that a rating answers; null: none is open. */
  ratingTask: string | null;
  /** The last message that asked for a rating (`N-17`); null when none did since the case was opened. */
  invitation: string | null;
  /** True when a letter that nobody could read was asked for again since. */
  wasPrompted: boolean;
}

export interface Inbound {
  /** `same`: it came before; `other`: its id came before with another text. */
  take(
    message: ArrivedMessage,
  ): Promise<{ kind: 'new' | 'same' | 'other'; message: InboundMessage }>;
  /** The sender's open case that the text names, else one that waits for a rating, else the latest; null when there is none. */
  caseOf(message: InboundMessage): Promise<MessageCase | null>;
  settle(
    inboundNumber: string,
    as: { status: InboundStatus; caseNumber?: string; rating?: Rating },
  ): Promise<void>;
  /** The first message without a case that this sender sent within a day: the one that is answered. */
  firstUnmatched(message: InboundMessage): Promise<string>;
  /** Those whose handling broke off at least `olderThanMs` ago, and ratings whose callback is asked for now. Ratings that nobody
   *  will ask for any more become `late`. */
  unsettled(olderThanMs: number, limit: number): Promise<InboundMessage[]>;
  /** Newest first. Fails `BadCursor`. */
  list(filter: {
    status?: InboundStatus | undefined;
    caseNumber?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<InboundMessage>>;
}

export { createInbound } from './built-in.ts';
