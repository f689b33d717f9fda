/** Compares what was asked with what arrived at gateway, mail server and subscribers. */
import type { Violation } from '../../../checks/index.ts';
import type { Sql } from '../../../db/connect.ts';
import type { Arrival } from '../rude-sinks.ts';
import { violation } from './judged.ts';

/** A message that was to leave. */
export interface Asked {
  way: Arrival['way'] | 'internal';
  /** What is kept in order: the messages of a case, over all ways out, or its events. */
  line: string;
  place: number;
  /** As the receiver sees it. */
  key: string;
  /** `missing`: an event that its subscriber was not to be told. */
  status: string;
  attempts: number;
}

/** Messages by the outbox, of a run where everybody can be reached; events by the timeline itself, of a subscriber who was there from
 *  the start. */
export const askedOf = (sql: Sql) => sql<Asked[]>`
  select channel as way, 'messages of ' || case_number as line, seq as place, status, attempts, case channel
    when 'mail' then left(encode(sha256(convert_to(effect_key, 'UTF8')), 'hex'), 40) else effect_key end as key
  from notifications
  union all
  select 'webhook', 'events of ' || e.case_number, e.seq, coalesce(m.status, 'missing'), coalesce(m.attempts, 0), 'evt-' || e.seq
  from case_events e join webhooks w on webhook_event_of(e) = any(w.events)
  left join webhook_messages m on m.event_seq = e.seq and m.webhook_number = w.webhook_number
  order by line, place`;

/** Once all is delivered or given up: each message asked has arrived, once when its key is taken once, in the order of its case. */
export function judgeArrivals(asked: Asked[], arrivals: Arrival[]): Violation[] {
  const known = new Set(asked.map(idOf));
  const numbered = arrivals.map((arrival, index) => ({ ...arrival, index }));
  const byMessage = Map.groupBy(numbered, idOf);
  const wrong = (subject: string, detail: string) => violation('arrivals', subject, detail);
  return [
    ...arrivals.filter(({ key }) => key === null).map(({ way }) => wrong(way, 'without a key')),
    ...arrivals
      .filter((one) => one.key !== null && !known.has(idOf(one)))
      .map((one) => wrong(idOf(one), 'nobody asked for it')),
    ...arrivals
      .filter(({ proven }) => !proven)
      .map((one) => wrong(idOf(one), 'signature, token or sender is wrong')),
    ...asked.flatMap((one) =>
      faultsOf(one, byMessage.get(idOf(one)) ?? []).map((detail) => wrong(idOf(one), detail)),
    ),
    ...[...Map.groupBy(asked, ({ line }) => line).values()]
      .flatMap((line) => outOfOrder(line, byMessage))
      .map((one) => wrong(idOf(one), `before an earlier one of the ${one.line}`)),
  ];
}

type Numbered = Arrival & { index: number };
const idOf = ({ way, key }: Pick<Asked, 'way'> & Pick<Arrival, 'key'>) => `${way} ${key}`;

function faultsOf({ status, attempts }: Asked, own: Arrival[]): string[] {
  const taken = own.some((arrival) => arrival.taken);
  return [
    ...(['kept', 'pending', 'missing'].includes(status) ? [status] : []),
    ...(taken === (status === 'sent') ? [] : [`${status}, and ${taken ? '' : 'not '}taken`]),
    ...(own.length <= attempts ? [] : [`arrived ${own.length} times in ${attempts} attempts`]),
    ...(new Set(own.map(({ content }) => content)).size <= 1 ? [] : ['changed its content']),
  ];
}

/** Those that arrived before an earlier one was taken, or was refused for good. */
function outOfOrder(line: Asked[], byMessage: Map<string, Numbered[]>): Asked[] {
  let passed = -1;
  return line
    .toSorted((one, other) => one.place - other.place)
    .filter((asked) => {
      const own = byMessage.get(idOf(asked)) ?? [];
      const first = own[0]?.index ?? Number.POSITIVE_INFINITY;
      const early = first < passed;
      passed = Math.max(passed, own.find(({ taken }) => taken)?.index ?? own[0]?.index ?? -1);
      return early;
    });
}

/** One line per way out, for people who read a log; repetitions are what a receiver knows by their key. */
export function arrivalLines(arrivals: Arrival[]): string[] {
  return [...Map.groupBy(arrivals, ({ way }) => way)].sort().map(([way, own]) => {
    const taken = own.filter((arrival) => arrival.taken);
    return (
      `arrived by ${way}: ${own.length}, ${repetitions(own)} of them repetitions; ` +
      `${taken.length} taken, ${repetitions(taken)} of them repetitions`
    );
  });
}

const repetitions = (of: Arrival[]): number => of.length - new Set(of.map(({ key }) => key)).size;
