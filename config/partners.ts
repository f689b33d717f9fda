/** Settings of partner systems. Part of `config/index.ts`, which alone reads the environment. */
import { z } from 'zod';
import { whole } from './engine.ts';

/** The base address of a partner's service. */
export const partnerUrl = z
  .url({ protocol: /^https?$/, error: 'an http or https URL' })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'a URL without a user: set the token instead');
const token = z
  .string('the bearer token')
  .regex(/^[\x21-\x7e]+$/, 'a bearer token of visible characters');

/** Variables of the environment: a service without a URL is the built-in one. */
export const partnerVariables = {
  PARTS_URL: partnerUrl.optional(),
  PARTS_TOKEN: token.optional(),
  DISPATCH_URL: partnerUrl.optional(),
  DISPATCH_TOKEN: token.optional(),
  NOTIFICATION_URL: partnerUrl.optional(),
  NOTIFICATION_TOKEN: token.optional(),
  // An attempt as a whole may take 10 s: the engine starts another one then. A batch of messages begins its last one within 1.5 s.
  PARTNER_TIMEOUT_MS: z.coerce
    .number('a whole number from 100 to 8000')
    .pipe(whole(100, 8_000))
    .default(8_000),
  PARTNER_PORT: z.coerce.number('a port from 1 to 65535').pipe(whole(1, 65_535)).default(3100),
  PARTNER_TOKEN: token.optional(),
};
const environment = z.object(partnerVariables);

/** Where a service of a partner is. */
interface ServiceAddress {
  url: string;
  token: string | null;
  timeoutMs: number;
}

export interface PartnerSettings {
  /** Per service; null: the built-in one. */
  services: Record<'parts' | 'dispatch' | 'notification', ServiceAddress | null>;
  /** The reference partner of `npm run partner`, on 127.0.0.1. Its token is also the one that `npm run partner:check` sends; null: none. */
  reference: { port: number; token: string | null };
}

export function partnerSettings(env: z.infer<typeof environment>): PartnerSettings {
  const at = (url?: string, token?: string) =>
    url ? { url, token: token ?? null, timeoutMs: env.PARTNER_TIMEOUT_MS } : null;
  return {
    services: {
      parts: at(env.PARTS_URL, env.PARTS_TOKEN),
      dispatch: at(env.DISPATCH_URL, env.DISPATCH_TOKEN),
      notification: at(env.NOTIFICATION_URL, env.NOTIFICATION_TOKEN),
    },
    reference: { port: env.PARTNER_PORT, token: env.PARTNER_TOKEN ?? null },
  };
}
