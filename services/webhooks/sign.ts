/** Signatures of Standard Webhooks: `v1,` and the HMAC-SHA256 over id, timestamp and body. For what leaves and for what arrives. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret as both sides write it: `whsec_` and 32 bytes in base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** `timestamp`: seconds since 1970. */
export function sign(secret: string, id: string, timestamp: number, body: string | Buffer): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

export interface SignedRequest {
  headers: { [name: string]: unknown };
  /** Byte for byte as it arrived. */
  body: Buffer;
  /** Milliseconds since 1970. */
  now: number;
}

const toleranceMs = 300_000;

/** The message's id when one of its signatures is right and its timestamp is at most five minutes away; null otherwise. */
export function verifiedId(secret: string, { headers, body, now }: SignedRequest): string | null {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof at !== 'string' || typeof signatures !== 'string')
    return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(id) || !/^\d{1,12}$/.test(at)) return null;
  if (Math.abs(now - Number(at) * 1_000) > toleranceMs) return null;
  const expected = Buffer.from(sign(secret, id, Number(at), body));
  const isRight = (given: string) => isSame(Buffer.from(given), expected);
  return signatures.split(' ').slice(0, 10).some(isRight) ? id : null;
}

const isSame = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);
