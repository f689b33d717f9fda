import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../config/index.ts';

function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'taken';
}

test('with nothing set messages stay in the outbox, no gateway gets in, and links lead to our own port', () => {
  expect(loadConfig({}).messages).toEqual({
    mail: null,
    sms: null,
    phoneCountry: '86',
    inboundSecret: null,
    webhookAllow: [],
    statusPages: { baseUrl: 'http://127.0.0.1:3000', secret: null, daysAfterEnd: 30 },
  });
});

test('a gateway, a mail server, a secret and an address of our own are taken', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const { messages } = loadConfig({
    SMTP_URL: 'smtps://user:password@mail.example:465',
    MAIL_FROM: 'Afterloop <service@example.com>',
    SMS_GATEWAY_URL: 'https://sms.example/send',
    SMS_GATEWAY_TOKEN: 'token',
    INBOUND_SECRET: secret,
    WEBHOOK_ALLOW: 'erp.plant.example,10.1.0.0/16,fd00::/8,127.0.0.1',
    PUBLIC_URL: 'https://service.example/',
    LINK_SECRET: 'l'.repeat(32),
    STATUS_PAGE_DAYS: '7',
  });
  expect(messages).toMatchObject({
    mail: { from: 'Afterloop <service@example.com>' },
    sms: { url: 'https://sms.example/send', token: 'token' },
    inboundSecret: secret,
    webhookAllow: ['erp.plant.example', '10.1.0.0/16', 'fd00::/8', '127.0.0.1'],
    statusPages: { baseUrl: 'https://service.example', secret: 'l'.repeat(32), daysAfterEnd: 7 },
  });
});

test('on servers of a company’s own customers get no link until their address is named', () => {
  const own = { DATABASE_URL: 'postgres://u:p@h/d' };
  expect(loadConfig(own).messages.statusPages).toBeNull();
});

test.each([
  [{ SMTP_URL: 'smtp://mail.example' }, 'MAIL_FROM: must be set with SMTP_URL'],
  [{ MAIL_FROM: 'a@example.com' }, 'SMTP_URL: must be set with MAIL_FROM'],
  [{ SMS_GATEWAY_TOKEN: 't' }, 'SMS_GATEWAY_URL: must be set with SMS_GATEWAY_TOKEN'],
  [
    { SMTP_URL: 'smtp://h', MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' },
    'MAIL_FROM: must be an address such as Afterloop <service@example.com>',
  ],
  [{ SMTP_URL: 'http://h', MAIL_FROM: 'a@b.example' }, /^SMTP_URL: must be an smtp:/],
  [{ INBOUND_SECRET: 'short' }, 'INBOUND_SECRET: must be whsec_ and at least 24 bytes in base64'],
  [{ WEBHOOK_ALLOW: '10.0.0.0/33' }, /^WEBHOOK_ALLOW: must be host names/],
  [{ WEBHOOK_ALLOW: 'erp.example,' }, /^WEBHOOK_ALLOW: /],
  [{ WEBHOOK_ALLOW: 'http://erp.example' }, /^WEBHOOK_ALLOW: /],
  [{ LINK_SECRET: 'guess' }, 'LINK_SECRET: must be at least 32 characters'],
  [{ STATUS_PAGE_DAYS: '0' }, 'STATUS_PAGE_DAYS: must be a whole number from 1 to 3650'],
  [{ PHONE_COUNTRY: '+86' }, 'PHONE_COUNTRY: must be a country calling code such as 86'],
])('%o is refused by variable and what is allowed', (environment, message) => {
  expect(refusal(environment as Record<string, string>)).toMatch(message);
});
