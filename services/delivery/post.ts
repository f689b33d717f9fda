/** One POST to the outside: bounded in time and size, and never led on by a redirect. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Outcome } from './index.ts';
import { retryAfterOf } from './retry-after.ts';

export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Finds a name's addresses; the system's when undefined. */
  lookup?: LookupFunction | undefined;
}

/** What came back. Its body is of no interest, and is not kept. */
export interface Posted {
  status: number;
  retryAfterMs: number | undefined;
}

/** Fails with the connection's error, or when it takes too long. */
export async function post({
  url,
  headers,
  body,
  timeoutMs,
  lookup,
}: PostRequest): Promise<Posted> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  const request = send(url, {
    method: 'POST',
    agent: false, // each connection is looked up and judged anew
    signal,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Afterloop/1',
      ...headers,
    },
    ...(lookup ? { lookup } : {}),
  });
  request.on('error', () => undefined); // one that comes after the answer is nobody's any more
  request.end(body);
  const [answer]: [IncomingMessage] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined).destroy(); // its head says all
  return {
    status: answer.statusCode ?? 0,
    retryAfterMs: retryAfterOf(answer.headers['retry-after']),
  };
}

const again = (status: number) => [401, 403, 408, 429].includes(status) || status >= 500;

/** A gateway's answer: 408, 429 and 5xx are tried again, and so are 401 and 403, which are about our token and may be mended. Any other
 *  refusal is for good. */
export function outcomeOf({ status, retryAfterMs }: Posted): Outcome {
  if (status >= 200 && status < 300) return { result: 'sent' };
  const detail = `answered ${status}`;
  return again(status)
    ? { result: 'tryAgain', detail, afterMs: retryAfterMs }
    : { result: 'refused', detail };
}

/** Why a call came to no answer, in a word: a code, never an address. */
export function troubleOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return typeof code === 'string' ? code : 'no answer';
}
