/** Messages that arrive: kept once per message id, and brought to the case of whoever sent them. */
import type { Page } from '../../db/cursor.ts';
import type { Actor } from '../../domain/case.ts';
import type { Rating } from '../../domain/values.ts';

/** `received`: not settled yet. `waiting`: a rating, until the callback is asked for; `late`: it never was, or another round began.
 *  `unmatched`: its sender has no open case, and it waits for a person, who has it `assigned` or `dismissed`. */
export const inboundStatuses = [
  'received',
  'rated',
  'waiting',
  'late',
  'noted',
  'prompted',
  'unmatched',
  'assigned',
  'dismissed',
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
  /** Who assigned or dismissed it, when, and why it was dismissed; null when nobody did. */
  settled: { by: Actor; at: string; reason: string | null } | null;
}

/** What became of a message by itself. */
export interface SettledMessage {
  status: Exclude<InboundStatus, 'assigned' | 'dismissed'>;
  caseNumber?: string;
  rating?: Rating;
}

/** What a person does with an unmatched message. */
export interface ByHand {
  inboundNumber: string;
  /** The case that it is about, ended ones too; null: it is dismissed. */
  caseNumber: string | null;
  /** What its letter says; null when it is none. */
  rating: Rating | null;
  /** What the timeline says; of a dismissal it stays with the message as well. */
  reason: string;
  by: Actor;
  /** ISO 8601 UTC. */
  at: string;
}

/** The open case that a message belongs to. */
export interface MessageCase {
  caseNumber: string;
  /** The open task that a rating answers; null: none is open. */
  ratingTask: string | null;
  /** The last message that asked for a rating by cycle and number (`1/7`); null when none did since the case was opened. */
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
  /** What a person has settled stays as it is. */
  settle(inboundNumber: string, as: SettledMessage): Promise<void>;
  /** Settles a message that is unmatched, and says so on the case's timeline, or in the audit log when it is dismissed. Any other one
   *  stays as it is. */
  settleByHand(how: ByHand): Promise<void>;
  /** Null when there is none under this number. */
  get(inboundNumber: string): Promise<InboundMessage | null>;
  /** The first message without a case that this sender sent within a day: the one that is answered. */
  firstUnmatched(message: InboundMessage): Promise<string>;
  /** Those whose handling broke off at least `olderThanMs` ago, and ratings whose callback is asked for now; what was given out longest
   *  ago comes first, so that none waits behind those that can't be settled yet. Ratings that nobody will ask for any more become
   *  `late`. */
  unsettled(olderThanMs: number, limit: number): Promise<InboundMessage[]>;
  /** Newest first. `open`: no case has it, and nobody has settled it. Fails `BadCursor`. */
  list(filter: {
    status?: InboundStatus | 'open' | 'settled' | undefined;
    caseNumber?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  }): Promise<Page<InboundMessage>>;
}
