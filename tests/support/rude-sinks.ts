/** A gateway, a mail server and a subscriber that misbehave: before they take what arrives, or after. */
import { Webhook as Verifier } from 'standardwebhooks';
import type { Chance } from './chance.ts';
import { type Arrived, type Reply, startHttpSink, startMailSink } from './sinks.ts';

/** One attempt as its receiver saw it. */
export interface Arrival {
  way: 'sms' | 'mail' | 'webhook';
  /** What a receiver takes a message once by: Idempotency-Key, Message-ID or webhook-id; null: there was none. */
  key: string | null;
  /** What it said, and to whom. */
  content: string;
  /** False: the signature or the token was wrong. */
  proven: boolean;
  /** The receiver has it, whether or not the sender learned so. */
  taken: boolean;
}

const faults = ['error', 'busy', 'refused', 'never', 'cut'] as const;
type Fault = (typeof faults)[number];

const httpReplies: Record<Fault, Reply> = {
  error: { status: 500 },
  busy: { status: 429, headers: { 'retry-after': '1' } },
  refused: { status: 410 },
  never: 'never',
  cut: 'cut',
};
const mailReplies = { error: 451, busy: 421, refused: 550, never: 'never', cut: 'cut' } as const;

/** Listens on free ports; a share of what arrives is spoilt. Every arrival is kept, in order, also of what was not taken. */
export async function startRudeSinks(chance: Chance, share = 0.2) {
  const [gateway, mail, subscriber] = [
    await startHttpSink(),
    await startMailSink(),
    await startHttpSink(),
  ];
  const arrivals: Arrival[] = [];
  const token = 'gateway-token';
  let [secret, spoilt] = ['', share];
  /** Silence and a cut line leave the sender in doubt: it may have been taken, or not. A refusal for good is said once, at first. */
  const judge = (arrival: Omit<Arrival, 'taken'>): Fault | null => {
    const isNew = !arrivals.some(({ key }) => key === arrival.key);
    const chosen = chance.happens(spoilt) ? chance.pick(faults) : null;
    const fault = chosen === 'refused' && !isNew ? null : chosen;
    const inDoubt = fault === 'never' || fault === 'cut';
    const taken = fault === null || (inDoubt && chance.happens(0.5));
    arrivals.push({ ...arrival, taken });
    return fault;
  };
  const answer = (arrival: Omit<Arrival, 'taken'>): Reply => {
    const fault = judge(arrival);
    return fault ? httpReplies[fault] : { status: 200, afterMs: chance.next() * 300 };
  };
  gateway.reply = ({ headers, body }) => {
    const key = keyOf(headers['idempotency-key']);
    const proven = headers.authorization === `Bearer ${token}`;
    return answer({ way: 'sms', key, content: body, proven });
  };
  subscriber.reply = (request) => {
    const key = keyOf(request.headers['webhook-id']);
    return answer({
      way: 'webhook',
      key,
      content: request.body,
      proven: isSigned(secret, request),
    });
  };
  mail.reply = ({ from, to, source }) => {
    const key = keyOf(/^Message-ID: <([^@>]+)@/im.exec(source)?.[1]);
    const content = `${to}${source.slice(source.indexOf('\r\n\r\n'))}`;
    const fault = judge({ way: 'mail', key, content, proven: from === 'service@example.com' });
    return fault && mailReplies[fault];
  };
  return {
    arrivals,
    /** What the product is to be started with. */
    environment: {
      SMS_GATEWAY_URL: gateway.url,
      SMS_GATEWAY_TOKEN: token,
      SMTP_URL: mail.url,
      MAIL_FROM: 'Afterloop <service@example.com>',
      WEBHOOK_ALLOW: '127.0.0.1',
    },
    /** Where the subscriber listens. */
    hook: subscriber.url,
    /** What the subscriber checks signatures by. */
    subscribed: (given: string) => {
      secret = given;
    },
    /** From now on all is taken. */
    calm: () => {
      spoilt = 0;
    },
    close: () => Promise.all([gateway.close(), mail.close(), subscriber.close()]),
  };
}

const keyOf = (header: unknown): string | null =>
  typeof header === 'string' && header !== '' ? header : null;

function isSigned(secret: string, { headers, body }: Arrived): boolean {
  try {
    new Verifier(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
