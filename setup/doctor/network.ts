/** What answers over the network: the API with its workers, partners, the mail server. */
import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { type Finding, ok, todo, unknown } from './finding.ts';

const patienceMs = 3_000;
const readiness = z.object({
  checks: z.object({ pollers: z.record(z.string(), z.boolean()).nullable() }),
});

/** The API, and somebody polling each task queue. */
export async function checkReady(base: string, toStart: string): Promise<Finding> {
  const about = 'API and workers';
  const answer = await ask(`${base}/readyz`);
  if (!answer) return todo(about, `nothing answers at ${base}`, toStart);
  if (answer.ok) return ok(about, `ready at ${base}`);
  const { pollers } = readiness.safeParse(await answer.json().catch(() => null)).data?.checks ?? {};
  const queues = Object.entries(pollers ?? {}).flatMap(([queue, polled]) =>
    polled ? [] : [queue],
  );
  if (queues.length > 0)
    return todo(about, `nobody works on ${queues.join(', ')}`, 'npm run worker');
  return unknown(about, `${base} says that it is not ready: see PostgreSQL and Temporal server`);
}

/** Something answers HTTP there, whatever it says. `variable` names where the URL comes from; null: not set. */
export async function checkAnswers(variable: string, url: string | null): Promise<Finding | null> {
  if (url === null) return null;
  const host = new URL(url).host;
  if (await ask(url)) return ok(variable, `${host} answers`);
  return todo(variable, `${host} does not answer`, `start what runs there, or correct ${variable}`);
}

/** A mail server greets there. */
export async function checkMail(smtpUrl: string | null): Promise<Finding | null> {
  if (smtpUrl === null) return null;
  const { protocol, hostname, port } = new URL(smtpUrl);
  const isTls = protocol === 'smtps:';
  const address = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isTls ? 465 : 587),
  };
  const said = await greeting(isTls ? connectTls(address) : connectPlain(address));
  const place = `${address.host}:${address.port}`;
  if (said.startsWith('220')) return ok('SMTP_URL', `${place} greets`);
  const told = said === '' ? 'does not answer' : 'is no mail server';
  return todo('SMTP_URL', `${place} ${told}`, 'start what runs there, or correct SMTP_URL');
}

async function greeting(socket: Socket): Promise<string> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const [chunk] = await once(socket, 'data', { signal });
    return String(chunk);
  } catch {
    return '';
  } finally {
    socket.on('error', () => {}).destroy();
  }
}

const ask = (url: string): Promise<Response | null> =>
  fetch(url, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' }).catch(() => null);
