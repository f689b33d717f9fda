/** What answers over HTTP: the API with its workers, and who signs the tokens. */
import { z } from 'zod';
import { reasonOf } from '../../db/failures.ts';
import { type Finding, ok, todo, unknown } from './finding.ts';

const patienceMs = 3_000;
const pollers = z.record(z.string(), z.boolean());
const ready = z.object({ ready: z.literal(true), pollers });
const unready = z.object({
  checks: z.object({ pollers: pollers.nullable(), currentBuild: z.boolean().nullish() }),
});

/** The API, and somebody polling each task queue. `toStart` says what to do when one of them is away. */
export async function checkReady(
  base: string,
  toStart: { api: string; worker: string },
): Promise<Finding> {
  const about = 'API and workers';
  const answer = await ask(`${base}/readyz`);
  if (typeof answer === 'string') return todo(about, `${base} ${answer}`, toStart.api);
  const body: unknown = await answer.json().catch(() => null);
  if (ready.safeParse(body).success) return ok(about, `ready at ${base}`);
  const { data } = unready.safeParse(body);
  if (!data)
    return todo(
      about,
      `what answers at ${base} is not Afterloop`,
      'stop it, or set PORT to another port',
    );
  const queues = Object.entries(data.checks.pollers ?? {}).flatMap(([queue, polled]) =>
    polled ? [] : [queue],
  );
  if (queues.length > 0) return todo(about, `nobody works on ${queues.join(', ')}`, toStart.worker);
  if (data.checks.currentBuild === false)
    return todo(
      about,
      'no running build is current: cases stand still',
      'npm run versions -- current',
    );
  return unknown(about, `${base} says that it is not ready: see PostgreSQL and Temporal server`);
}

const keySet = z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) });

/** The key set that tokens are checked by; null: no issuer is set. */
export async function checkKeys(url: string | null): Promise<Finding | null> {
  if (url === null) return null;
  const about = 'AUTH_JWKS_URL';
  const { host } = new URL(url);
  const answer = await ask(url);
  if (typeof answer === 'string')
    return todo(about, `${host} ${answer}`, `start what runs there, or correct ${about}`);
  const { data } = keySet.safeParse(await answer.json().catch(() => null));
  if (answer.ok && data) return ok(about, `${host} has ${data.keys.length} keys`);
  return todo(about, `${host} answers without a key set (${answer.status})`, `correct ${about}`);
}

/** The answer to a GET, or why there is none. A redirect is an answer. */
export async function ask(url: string, token: string | null = null): Promise<Response | string> {
  try {
    return await fetch(url, {
      signal: AbortSignal.timeout(patienceMs),
      redirect: 'manual',
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError') return `does not answer within ${patienceMs / 1000} s`;
    return `is not reachable (${reasonOf(error)})`;
  }
}
