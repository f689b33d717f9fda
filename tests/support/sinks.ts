/** Real servers on loopback that take what leaves: HTTP for gateways and subscribers, SMTP for mail. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

/** One request as it arrived. */
export interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the server says to a request; `never`: it falls silent; `cut`: it hangs up without a word. */
export type Reply =
  | { status: number; headers?: Record<string, string>; afterMs?: number }
  | 'never'
  | 'cut';

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
    const body = await text(request).catch(() => null);
    if (body === null) return; // its sender was killed in the middle
    const arrived = { path: request.url ?? '', headers: request.headers, body };
    sink.arrived.push(arrived);
    const reply = sink.reply(arrived, sink.arrived.length);
    if (reply === 'cut') request.socket.destroy();
    if (typeof reply === 'string') return;
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
  /** Says what to answer to a mail that was read to its end: null takes it, a number is a refusal; taken until it is set. */
  reply: (mail: Mail) => number | 'never' | 'cut' | null;
  close(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const sink: Pick<MailSink, 'mails' | 'refuseWith' | 'reply'> = {
    mails: [],
    refuseWith: null,
    reply: () => null,
  };
  const refusal = (responseCode: number) => Object.assign(new Error('refused'), { responseCode });
  const lines = new Map<number, Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(sink.refuseWith === null ? null : refusal(sink.refuseWith)),
    onData: async (stream, { envelope, remotePort }, done) => {
      const source = await text(stream).catch(() => null);
      if (source === null) return; // its sender was killed in the middle
      const from = envelope.mailFrom === false ? '' : (envelope.mailFrom?.address ?? '');
      const to = envelope.rcptTo.map(({ address }) => address);
      const mail = { from, to, source };
      sink.mails.push(mail);
      const reply = sink.reply(mail);
      if (reply === 'cut') lines.get(remotePort)?.destroy();
      else if (reply !== 'never') done(reply === null ? null : refusal(reply));
    },
  });
  server.on('error', () => undefined); // of a line that was cut
  server.server.on('connection', (line) => {
    const { remotePort = 0 } = line;
    lines.set(remotePort, line);
    line.once('close', () => lines.delete(remotePort));
  });
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve((listening.address() as AddressInfo).port),
    );
  });
  return Object.assign(sink, {
    url: `smtp://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const line of lines.values()) line.destroy();
      }),
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
