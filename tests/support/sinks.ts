/** Real servers on loopback that take what leaves: HTTP for gateways and subscribers, SMTP for mail. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

/** One request as it arrived. */
export interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the server says to a request; `never`: it falls silent. */
export type Reply =
  | { status: number; headers?: Record<string, string>; afterMs?: number }
  | 'never';

export interface HttpSink {
  url: string;
  arrived: Arrived[];
  /** Says what to answer; 200 until it is set. */
  reply: (request: Arrived, count: number) => Reply;
  close(): Promise<void>;
}

export async function startHttpSink(): Promise<HttpSink> {
  const sink: Pick<HttpSink, 'arrived' | 'reply'> = {
    arrived: [],
    reply: () => ({ status: 200 }),
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const arrived = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    sink.arrived.push(arrived);
    const reply = sink.reply(arrived, sink.arrived.length);
    if (reply === 'never') return;
    await delay(reply.afterMs ?? 0);
    response.writeHead(reply.status, reply.headers ?? {}).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(sink, {
    url: `http://127.0.0.1:${port}/in`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

export interface Mail {
  from: string;
  to: string[];
  /** Head and body as they were sent. */
  source: string;
}

export interface MailSink {
  url: string;
  mails: Mail[];
  /** Refuses a recipient with that code; null takes all. */
  refuseWith: number | null;
  close(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const sink: Pick<MailSink, 'mails' | 'refuseWith'> = { mails: [], refuseWith: null };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(
        sink.refuseWith === null
          ? null
          : Object.assign(new Error('refused'), { responseCode: sink.refuseWith }),
      ),
    onData: async (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const from = envelope.mailFrom === false ? '' : (envelope.mailFrom?.address ?? '');
      const to = envelope.rcptTo.map(({ address }) => address);
      sink.mails.push({ from, to, source: Buffer.concat(chunks).toString('utf8') });
      done();
    },
  });
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve((listening.address() as AddressInfo).port),
    );
  });
  return Object.assign(sink, {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

/** Waits until the fact holds. Fails after `patienceMs`, saying what was waited for. */
export async function eventually(
  what: string,
  fact: () => boolean | Promise<boolean>,
  patienceMs = 15_000,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await delay(20);
  }
}
