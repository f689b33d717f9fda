/** Signatures of Standard Webhooks. For what leaves and for what arrives. */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A secret as both sides write it: `whsec_` and 32 bytes in base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** `timestamp`: seconds since 1970. */
export const sign = (secret: string, id: string, timestamp: number, body: string): string =>
  new Webhook(secret).sign(id, new Date(timestamp * 1_000), body);

/** The message's id when one of its signatures is right and its timestamp is at most five minutes away; null otherwise.
 *  `body`: as it arrived. */
export function verifiedId(
  secret: string,
  headers: { [name: string]: unknown },
  body: Buffer,
): string | null {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(id)) return null;
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': String(signatures),
  };
  const webhook = new Webhook(secret);
  try {
    webhook.verify(body, signed, { jsonParse: false });
    return id;
  } catch {
    return null;
  }
}
