/** One request to a partner over HTTP: bounded in time and size, redirects not followed. */
import { reasonOf, ServiceFailure } from '../../db/failures.ts';
import { retryAfterOf } from '../delivery/retry-after.ts';

/** Where a partner's service is. */
export interface PartnerAddress {
  /** Base address; operations are at `<url>/<service>/<operation>`. */
  url: string;
  /** Sent as bearer token; null: none. */
  token: string | null;
  /** Milliseconds until a request is given up, its answer included. */
  timeoutMs: number;
}

/** What came back. An answer that was no success may have lost its text: too long, or cut off. */
export interface Answered {
  status: number;
  retryAfterMs: number | undefined;
  text: string;
}

/** Bytes of an answer that are read, decompressed. */
export const maxAnswerBytes = 1_048_576;

/** Posts JSON and reads the answer. Fails `Unavailable` without one, `InvalidResponse` when it is too long. */
export async function exchange(
  { url, token, timeoutMs }: PartnerAddress,
  path: string,
  body: string,
  effectKey: string | null,
): Promise<Answered> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(effectKey === null ? {} : { 'idempotency-key': effectKey }),
      },
      body,
    });
    const { status, headers } = response;
    const read = readCapped(response);
    const text = status === 200 ? await read : await read.catch(() => '');
    return { status, retryAfterMs: retryAfterOf(headers.get('retry-after')), text };
  } catch (error) {
    if (error instanceof ServiceFailure) throw error;
    throw new ServiceFailure('Unavailable', `partner not reachable: ${reasonOf(error)}`);
  }
}

async function readCapped({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxAnswerBytes)
      throw new ServiceFailure('InvalidResponse', `partner answered over ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
