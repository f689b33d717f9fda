import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { deliveryFigures as figures } from '../../db/schema.ts';
import { statement } from '../../db/statement.ts';

/** What became of the messages of one way out: `sms`, `mail`, `internal`, `webhook`. */
export interface DeliveryFigures {
  channel: string;
  /** How often a message was asked for; `deduplicated`: under a key that was accepted before. */
  asked: number;
  accepted: number;
  deduplicated: number;
  /** In the outbox for good, since no gateway is set up. */
  kept: number;
  pending: number;
  sent: number;
  failed: number;
  expired: number;
  attempts: number;
  /** Attempts of workers that fell silent: each may have gone out. */
  unknown: number;
}

/** The figures of delivery, per way out. */
export const deliveryFigures = (client: Sql): Promise<DeliveryFigures[]> =>
  standing(drizzle(client));

const standing = statement((db) => db.select().from(figures).orderBy(figures.channel));

/** One line per way out, for people who read a log. */
export function figureLines(figures: DeliveryFigures[]): string[] {
  return figures.map(({ channel, ...counts }) => {
    const said = Object.entries(counts).filter(([name, n]) => n > 0 || name === 'asked');
    return `messages by ${channel}: ${said.map(([name, n]) => `${n} ${name}`).join(', ')}`;
  });
}
