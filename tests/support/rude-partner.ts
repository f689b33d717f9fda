/** A reference partner that can be made to misbehave: before it does what it is asked, or after. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { checkers, type Violation } from '../../checks/index.ts';
import { connect, type Sql } from '../../db/connect.ts';
import { createDispatch } from '../../services/dispatch/built-in.ts';
import type { PartnerAddress } from '../../services/partner/exchange.ts';
import { createOutbox } from '../../services/partner/outbox.ts';
import { buildPartner } from '../../services/partner/server.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { createDatabase } from './database.ts';

export const faults = [
  'slow',
  'error500',
  'error429',
  'garbage',
  'errorInside',
  'huge',
  'never',
  'redirect',
  'cut',
  'refused',
] as const;
export type Fault = (typeof faults)[number];

/** One call as the partner saw it. */
export interface Seen {
  /** `parts/reserve` */
  path: string;
  /** Null for a question: only effects have one. */
  key: string | null;
  /** The case that it names, by its key or its body; null for none. */
  caseNumber: string | null;
  fault: Fault | null;
}

export interface RudePartner {
  address: PartnerAddress;
  /** The database of its own books. */
  books: Sql;
  seen: Seen[];
  /** From now on: what to do to a call, and whether it is done first; null: as it should be. */
  behave(
    choose: ((call: Omit<Seen, 'fault'>) => { fault: Fault; doneFirst: boolean } | null) | null,
  ): void;
  /** Listens no more, until `back`. */
  goAway(): Promise<void>;
  back(): Promise<void>;
  /** From now on every call of this operation is a new one to it: what the keys are for. */
  forgetKeys(path: string): void;
  close(): Promise<void>;
}

/** What is broken in a partner's books: of stock, loans, visits and messages, since it knows nothing else of a case. */
export async function brokenAt(theirs: Sql): Promise<Violation[]> {
  const known = ['I1', 'I2', 'I4', 'I5', 'I6', 'I7'] as const;
  return (await Promise.all(known.map((id) => checkers[id](theirs)))).flat();
}

/** Listens on a free port; `timeoutMs` is what its clients wait. */
export async function startRudePartner(timeoutMs = 8_000): Promise<RudePartner> {
  const database = await createDatabase();
  const books = connect(database.url, { max: 20 });
  const services = {
    parts: createParts(books),
    dispatch: createDispatch(books),
    notification: createOutbox(books),
  };
  const app = buildPartner(services);
  let choose: Parameters<RudePartner['behave']>[0] = null;
  let forgets: string | null = null;
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const work = await workOf(request);
    const call = callOf(request, work.payload);
    const chosen = choose?.(call) ?? null;
    seen.push({ ...call, fault: chosen?.fault ?? null });
    if (call.path === forgets) work.headers['idempotency-key'] = `${call.key}#${seen.length}`;
    if (!chosen || chosen.doneFirst || chosen.fault === 'slow') {
      if (chosen?.fault === 'slow') await delay(timeoutMs * 0.75);
      const answer = await app.inject(work);
      if (!chosen || chosen.fault === 'slow') {
        response.writeHead(answer.statusCode, answer.headers as Record<string, string>);
        return response.end(answer.body);
      }
    }
    return misbehave(chosen.fault, response);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const goAway = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    address: { url: `http://127.0.0.1:${port}`, token: null, timeoutMs },
    books,
    seen,
    behave: (next) => {
      choose = next;
    },
    forgetKeys: (path) => {
      forgets = path;
    },
    goAway,
    back: () => listen(port),
    async close() {
      await goAway();
      await app.close();
      await books.end({ timeout: 5 });
      await database.drop();
    },
  };
}

async function workOf(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = 'POST', url = '/', headers } = request;
  return { method: method as 'POST', url, headers: { ...headers }, payload: Buffer.concat(chunks) };
}

function callOf({ url = '', headers }: IncomingMessage, payload: Buffer): Omit<Seen, 'fault'> {
  const key = (headers['idempotency-key'] as string | undefined) ?? null;
  const { caseNumber = null } = JSON.parse(payload.toString() || '{}') as {
    caseNumber?: string | null;
  };
  return { path: url.slice(1), key, caseNumber: key?.split('/')[0] ?? caseNumber };
}

function misbehave(fault: Exclude<Fault, 'slow'> | 'slow', response: ServerResponse): unknown {
  const json = { 'content-type': 'application/json' };
  switch (fault) {
    case 'slow':
    case 'never':
      return undefined;
    case 'error500':
      return response.writeHead(500, json).end('{"result":null}');
    case 'error429':
      return response.writeHead(429, { ...json, 'retry-after': '1' }).end('{}');
    case 'garbage':
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>It works!</html>');
    case 'errorInside':
      return response.writeHead(200, json).end('{"result":null,"error":"ORA-00054"}');
    case 'huge':
      return response.writeHead(200, json).end(`{"result":"${'x'.repeat(10_485_760)}"}`);
    case 'refused':
      return response.writeHead(409, json).end('{"code":"NotToday"}');
    case 'redirect':
      return response.writeHead(307, { location: '/elsewhere' }).end();
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{"result":');
      return response.destroy();
    default:
      return fault satisfies never;
  }
}
