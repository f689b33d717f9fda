/** `npm run partner:check -- URL [parts|dispatch|notification]`: tries a partner's service, a line per requirement; ends with 1 when one is not met. */
import { parseArgs } from 'node:util';
import { loadConfig, processEnvironment } from '../config/index.ts';
import { partnerUrl } from '../config/partners.ts';
import { toServiceFailure } from '../db/failures.ts';
import { type Finding, tryPartner } from '../services/partner/conformance.ts';
import { type ServiceName, serviceNames } from '../services/partner/contract.ts';
import { exchange, type PartnerAddress } from '../services/partner/exchange.ts';
import { defaultFacts } from '../services/partner/trial.ts';

const stays =
  'What stays of a run: one part written off and one received instead, two old parts, a finished visit in 20 years, messages to nobody.';
const usage = `npm run partner:check -- URL [${serviceNames.join('|')}] [--part NUMBER] [--territory NAME] [--engineer NUMBER] [--otherEngineer NUMBER] [--staff NUMBER]

Tries a test system: it reserves, lends, sells, books and sends, under keys of its own, and gives back what it took.
${stays}
PARTNER_TOKEN is sent as bearer token.`;

const option = { type: 'string' } as const;
const options = {
  part: option,
  territory: option,
  engineer: option,
  otherEngineer: option,
  staff: option,
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const [url, ...named] = positionals;
  if (!url || !partnerUrl.safeParse(url).success)
    throw new Error('Which URL, http or https, without a user?');
  const unknown = named.find((name) => !isService(name));
  if (unknown) throw new Error(`No service ${unknown}.`);
  const services = named.length > 0 ? named.filter(isService) : [...serviceNames];
  const { token } = loadConfig(processEnvironment()).partners.reference;
  const address = { url, token, timeoutMs: 8_000 };
  await mustAnswer(address);
  process.stdout.write(`${stays}\n`);
  const findings = await tryPartner(address, services, { ...defaultFacts, ...values }, tell);
  const wrong = findings.filter((finding) => finding.wrong !== null);
  process.stdout.write(`${findings.length - wrong.length} of ${findings.length} met\n`);
  return wrong.length > 0 ? 1 : 0;
}

function isService(name: string): name is ServiceName {
  return (serviceNames as readonly string[]).includes(name);
}

/** Any answer will do: what is wrong with it, the requirements say. */
async function mustAnswer(address: PartnerAddress): Promise<void> {
  await exchange(address, '', '{}', null).catch((error: Error) => {
    if (toServiceFailure(error).type === 'Unavailable')
      throw new Error(`Nothing answers at ${address.url}: ${error.message}`);
  });
}

function tell({ name, wrong }: Finding): void {
  process.stdout.write(wrong === null ? `ok    ${name}\n` : `WRONG ${name}\n      ${wrong}\n`);
}
