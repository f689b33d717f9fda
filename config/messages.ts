/** Settings of the messages that leave and arrive. Part of `config/index.ts`, which alone reads the environment. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { isNetwork } from './door.ts';
import { whole } from './engine.ts';

const text = (allowed: string) => z.string(allowed).min(1, allowed);
const httpUrl = (what: string) => z.url({ protocol: /^https?$/, error: what });
/** One line, so that nothing can be added to a mail's head. */
const mailbox =
  /^(?:[^<>@\s"\\][^<>@\r\n"\\]{0,80} )?<?[^\s<>@"\\,;:()]{1,64}@[^\s<>@"\\,;:()]{1,190}>?$/;
const allowed = 'host names, addresses and networks such as 10.1.0.0/16, with commas between';
/** A host name, an address, or a network of one. */
function isTarget(entry: string): boolean {
  if (isIP(entry.split('/')[0] ?? '') > 0) return isNetwork(entry);
  return /^[a-z0-9.-]{1,253}$/i.test(entry);
}
const secret = /^whsec_[A-Za-z0-9+/]{32,200}={0,2}$/;

/** Variables of the environment; each left out is a message that stays in the outbox or a door that is shut. */
export const messageVariables = {
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'an smtp://user:password@host:port URL' })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(mailbox, 'an address such as Afterloop <service@example.com>')
    .optional(),
  SMS_GATEWAY_URL: httpUrl('an http or https URL').optional(),
  SMS_GATEWAY_TOKEN: text('the token of the SMS gateway').optional(),
  PHONE_COUNTRY: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'a country calling code such as 86')
    .default('86'),
  INBOUND_SECRET: z.string().regex(secret, 'whsec_ and at least 24 bytes in base64').optional(),
  WEBHOOK_ALLOW: z
    .string()
    .refine((list) => list.split(',').every(isTarget), allowed)
    .optional(),
  PUBLIC_URL: httpUrl('the http or https URL under which customers reach the API').optional(),
  LINK_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  STATUS_PAGE_DAYS: z.coerce
    .number('a whole number from 1 to 3650')
    .pipe(whole(1, 3_650))
    .default(30),
};
const environment = z.object(messageVariables);
type Environment = z.infer<typeof environment>;

/** Variables that make sense together only. */
export function checkPairs({ value, issues }: z.core.ParsePayload<Environment>): void {
  const missing = (name: keyof Environment, message: string) =>
    issues.push({ code: 'custom', message, path: [name], input: undefined });
  if (value.SMTP_URL && !value.MAIL_FROM) missing('MAIL_FROM', 'set with SMTP_URL');
  if (value.MAIL_FROM && !value.SMTP_URL) missing('SMTP_URL', 'set with MAIL_FROM');
  if (value.SMS_GATEWAY_TOKEN && !value.SMS_GATEWAY_URL)
    missing('SMS_GATEWAY_URL', 'set with SMS_GATEWAY_TOKEN');
}

export interface MessageSettings {
  /** Null: mail stays in the outbox. */
  mail: { smtpUrl: string; from: string } | null;
  /** Null: text messages stay in the outbox. */
  sms: { url: string; token: string | null } | null;
  /** Calling code of numbers that are written without one. */
  phoneCountry: string;
  /** Checks what gateways send; null: nothing is taken in. */
  inboundSecret: string | null;
  /** Hosts, addresses and networks that webhooks may reach although they are private. */
  webhookAllow: string[];
  /** Links for customers; null: messages carry none. Without a secret of their own they are made from the database's URL. */
  statusPages: { baseUrl: string; secret: string | null; daysAfterEnd: number } | null;
}

/** What the variables say together. `ownUrl`: where customers reach the API when nothing else is said; null: nowhere. */
export function messageSettings(env: Environment, ownUrl: string | null): MessageSettings {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from, SMS_GATEWAY_URL: url } = env;
  const baseUrl = (env.PUBLIC_URL ?? ownUrl)?.replace(/\/+$/, '');
  return {
    mail: smtpUrl && from ? { smtpUrl, from } : null,
    sms: url ? { url, token: env.SMS_GATEWAY_TOKEN ?? null } : null,
    phoneCountry: env.PHONE_COUNTRY,
    inboundSecret: env.INBOUND_SECRET ?? null,
    webhookAllow: env.WEBHOOK_ALLOW?.split(',').filter(Boolean) ?? [],
    statusPages: baseUrl
      ? { baseUrl, secret: env.LINK_SECRET ?? null, daysAfterEnd: env.STATUS_PAGE_DAYS }
      : null,
  };
}
