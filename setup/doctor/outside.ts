/** What others run, asked as cases would ask it, so that nothing happens: partners, SMS gateway, mail server. */
import { toServiceFailure } from '../../db/failures.ts';
import { createMailSender, type MailServer } from '../../services/notification/mail.ts';
import type { SmsGateway } from '../../services/notification/sms.ts';
import { resultOf } from '../../services/partner/client.ts';
import { contracts, type ServiceName, serviceNames } from '../../services/partner/contract.ts';
import { exchange, type PartnerAddress } from '../../services/partner/exchange.ts';
import type { Operation } from '../../services/partner/operations.ts';
import { type Finding, ok, todo, unknown } from './finding.ts';
import { ask } from './network.ts';

/** Of each contract a question that changes nothing, and whose answer is about nobody. */
const questions: Record<ServiceName, [name: string, request: object]> = {
  parts: ['unknownParts', { partNumbers: [] }],
  dispatch: ['getEngineer', { engineerNumber: 'EN-00' }],
  notification: ['list', { caseNumber: 'C-000000', limit: 1 }],
};

/** Every partner that is set. */
export async function* checkPartners(
  partners: Record<ServiceName, PartnerAddress | null>,
): AsyncGenerator<Finding> {
  for (const service of serviceNames) {
    const partner = partners[service];
    if (partner) yield checkPartner(service, partner);
  }
}

/** A partner answers a question of its contract, asked with the token that cases send. */
export async function checkPartner(
  service: ServiceName,
  partner: PartnerAddress,
): Promise<Finding> {
  const about = `${service.toUpperCase()}_URL`;
  const host = new URL(partner.url).host;
  const [said, what] = await troubleWith(service, partner).catch((error) =>
    troubleOfFailure(error, service, partner),
  );
  return what ? todo(about, `${host} ${said}`, what) : ok(about, `${host} ${said}`);
}

type Trouble = [said: string, what?: string];

async function troubleWith(service: ServiceName, partner: PartnerAddress): Promise<Trouble> {
  const [name, request] = questions[service];
  const path = `${service}/${name}`;
  const { status, text } = await exchange(partner, path, JSON.stringify(request), null);
  if (status !== 200) return troubleOfStatus(status, service, path, partner.token !== null);
  if (text.trimStart().startsWith('<'))
    return ['answers with a web page', `correct ${service.toUpperCase()}_URL: ${base(path)}`];
  resultOf(contracts[service][name] as Operation, text);
  return ['answers as the contract says'];
}

const base = (path: string) => `it is the address to which /${path} is added`;

function troubleOfStatus(
  status: number,
  service: ServiceName,
  path: string,
  hasToken: boolean,
): Trouble {
  const variable = service.toUpperCase();
  if (status === 401 || status === 403)
    return hasToken
      ? [`refuses our token (${status})`, `correct ${variable}_TOKEN`]
      : [`wants a token (${status})`, `set ${variable}_TOKEN`];
  if (status === 404 || status === 405)
    return [`has no POST /${path} (${status})`, `correct ${variable}_URL: ${base(path)}`];
  if (status >= 300 && status < 400)
    return [
      `sends us elsewhere (${status})`,
      `set ${variable}_URL to where it is: no redirect is followed`,
    ];
  if (status === 408 || status === 429 || status >= 500)
    return [
      `is in trouble (${status})`,
      'see there why; cases wait for it, and go on by themselves',
    ];
  return [`answers a question of the contract with ${status}`, differs(service)];
}

function troubleOfFailure(
  error: unknown,
  service: ServiceName,
  { timeoutMs }: PartnerAddress,
): Trouble {
  const { type, message } = toServiceFailure(error);
  if (type === 'InvalidResponse') return [`answers, but: ${message}`, differs(service)];
  if (message.endsWith('TimeoutError'))
    return [`does not answer within ${timeoutMs} ms`, 'see there why, or raise PARTNER_TIMEOUT_MS'];
  return [
    `is not reachable (${message.replace('partner not reachable: ', '')})`,
    `start what runs there, or correct ${service.toUpperCase()}_URL`,
  ];
}

const differs = (service: ServiceName) =>
  `correct ${service.toUpperCase()}_URL; what differs, a test system of theirs shows: npm run partner:check -- URL ${service}`;

/** The SMS gateway answers. It has no question that sends nothing, so more can't be told. */
export async function checkSms(
  gateway: Pick<SmsGateway, 'url' | 'token'> | null,
): Promise<Finding | null> {
  if (!gateway) return null;
  const about = 'SMS_GATEWAY_URL';
  const { host } = new URL(gateway.url);
  const answer = await ask(gateway.url, gateway.token);
  if (typeof answer === 'string')
    return todo(about, `${host} ${answer}`, `start what runs there, or correct ${about}`);
  if (answer.status === 401 || answer.status === 403)
    return todo(about, `${host} refuses our token (${answer.status})`, 'correct SMS_GATEWAY_TOKEN');
  return unknown(about, `${host} answers; whether it takes messages, GET /v1/notifications shows`);
}

/** The mail server lets us in. */
export async function checkMail(server: MailServer | null): Promise<Finding | null> {
  if (!server) return null;
  const about = 'SMTP_URL';
  const { host } = new URL(server.smtpUrl);
  const sender = createMailSender({ ...server, timeoutMs: 3_000 });
  try {
    await sender.verify();
    return ok(about, `${host} would take mail`);
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    if (code === 'EAUTH')
      return todo(about, `${host} refuses our user or password`, `correct ${about}`);
    return todo(
      about,
      `${host} does not greet as a mail server (${code})`,
      `start what runs there, or correct ${about}`,
    );
  } finally {
    sender.close();
  }
}
