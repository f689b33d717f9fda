/** The contract with partners: a document that is current, and a conformance test that tells a good partner from a bad one. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll } from '../../checks/index.ts';
import { processEnvironment } from '../../config/index.ts';
import { type Finding, tryPartner } from '../../services/partner/conformance.ts';
import { type ServiceName, serviceNames } from '../../services/partner/contract.ts';
import type { PartnerAddress } from '../../services/partner/exchange.ts';
import { openApiText } from '../../services/partner/openapi.ts';
import { defaultFacts } from '../../services/partner/trial.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { startPartner } from '../support/services/twins.ts';

const database = databaseOfThisFile();
let partner: Awaited<ReturnType<typeof startPartner>>;
beforeAll(async () => {
  partner = await startPartner(database.sql, 'secret');
});
afterAll(() => partner.close());

const tried = (
  address: PartnerAddress = partner.address,
  services: ServiceName[] = [...serviceNames],
): Promise<Finding[]> => tryPartner(address, services, defaultFacts, () => undefined);
const wrong = (findings: Finding[]) => findings.filter((finding) => finding.wrong !== null);

test('openapi.json says what the contract says (node services/partner/openapi.ts)', () => {
  const file = new URL('../../services/partner/openapi.json', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(openApiText());
});

test('the reference partner meets every requirement, twice in a row, and leaves its stock as it was', async () => {
  const stock = () => database.sql`select * from stock order by 1, 2`;
  const before = await stock();
  for (let n = 0; n < 2; n += 1) {
    const findings = await tried();
    expect(wrong(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThan(25);
  }
  expect(await stock()).toEqual(before);
  expect(await checkAll(database.sql)).toEqual([]);
});

test('a wrong token is refused on every operation', async () => {
  const findings = await tried({ ...partner.address, token: 'other' });
  expect(wrong(findings).length).toBeGreaterThan(15);
});

test('an address where nothing of it is fails every requirement that wants an answer', async () => {
  const { url } = partner.address;
  const findings = await tried({ ...partner.address, url: `${url}/nowhere` }, ['dispatch']);
  expect(wrong(findings).length).toBeGreaterThan(6);
  const gone = { url: `http://127.0.0.1:${await anyFreePort()}`, token: null, timeoutMs: 500 };
  const nobody = await tried(gone, ['parts']);
  expect(wrong(nobody)[0]?.wrong).toContain('ECONNREFUSED');
});

test('npm run partner keeps a database of its own, and npm run partner:check finds nothing wrong with it', async () => {
  const environment = {
    ...processEnvironment(),
    DATABASE_URL: database.url,
    PARTNER_PORT: String(await anyFreePort()),
    PARTNER_TOKEN: 'secret',
  };
  const script = (name: string) => fileURLToPath(new URL(`../../setup/${name}`, import.meta.url));
  const running = spawn(process.execPath, [script('partner.ts')], { env: environment });
  const [said] = await once(running.stdout, 'data');
  const url = /http:\S+/.exec(String(said))?.[0]?.replace(',', '') ?? '';
  const check = (...args: string[]) =>
    spawnSync(process.execPath, [script('partner-check.ts'), ...args], {
      env: environment,
      encoding: 'utf8',
    });
  const good = check(url);
  running.kill('SIGTERM');
  await once(running, 'exit');
  const gone = check(url, 'parts');
  const never = check('http://127.0.0.1:9');
  const ftp = check('ftp://x');
  await database.sql`drop database ${database.sql(`${new URL(database.url).pathname.slice(1)}_partner`)}`;
  expect(good.stdout).toMatch(/^What stays of a run: .*\nok {4}parts: .*\n/);
  expect(good.stdout).toMatch(/^ok {4}parts: a reservation/m);
  expect(good).toMatchObject({ status: 0, stdout: expect.stringContaining('37 of 37 met') });
  expect(gone).toMatchObject({ status: 2, stderr: expect.stringContaining('Nothing answers at') });
  expect(never.stderr).toContain('a port that HTTP clients refuse to call');
  expect(ftp).toMatchObject({ status: 2, stderr: expect.stringContaining('http or https') });
});

/** A partner with one thing wrong: `spoil` changes a request on its way in, or answers by itself. */
async function withSpoilt(
  spoil: (headers: Record<string, unknown>, path: string) => object | null,
  work: (address: PartnerAddress) => Promise<void>,
): Promise<void> {
  const server = createServer(async (request, response) => {
    const headers: Record<string, string> = { ...(request.headers as Record<string, string>) };
    const own = spoil(headers, request.url ?? '');
    if (own) {
      response.end(JSON.stringify(own));
      return;
    }
    const { 'content-length': _, host: __, connection: ___, ...sent } = headers;
    const forwarded = await fetch(`${partner.address.url}${request.url}`, {
      method: 'POST',
      headers: sent,
      body: await bodyOf(request),
    });
    response.writeHead(forwarded.status).end(await forwarded.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await work({ ...partner.address, url: `http://127.0.0.1:${port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

let times = 0;
test.each<[string, ServiceName, Parameters<typeof withSpoilt>[0], string]>([
  [
    'forgets keys',
    'notification',
    (headers, path) => {
      if (path.endsWith('/send')) headers['idempotency-key'] = `forgotten-${++times}`;
      return null;
    },
    'is one message',
  ],
  [
    'answers 200 with an error inside',
    'dispatch',
    (_, path) => (path.endsWith('/rank') ? { result: [], error: 'busy' } : null),
    'ranked best first',
  ],
  [
    'forgets what was canceled',
    'dispatch',
    (_, path) => (path.endsWith('/cancel') ? { result: null } : null),
    'after its cancellation is refused',
  ],
  [
    'forgets what was released',
    'parts',
    (_, path) => (path.endsWith('/release') ? { result: null } : null),
    'after its release is refused',
  ],
  [
    'takes an effect without a key',
    'parts',
    (headers, path) => {
      if (path.endsWith('/extendLoan')) headers['idempotency-key'] ??= `own-${++times}`;
      return null;
    },
    'an effect without Idempotency-Key is refused',
  ],
  [
    'takes whatever it is told to have arrived',
    'parts',
    (_, path) => (path.endsWith('/receive') ? { result: null } : null),
    'a body of another shape is refused',
  ],
  [
    'lists no loan',
    'parts',
    (_, path) => (path.endsWith('/listLoans') ? { result: [] } : null),
    'loans are listed newest first',
  ],
])('a partner that %s is found out', async (_, service, spoil, requirement) => {
  await withSpoilt(spoil, async (address) => {
    const names = wrong(await tried(address, [service])).map(({ name }) => name);
    expect(names.join('\n')).toContain(requirement);
  });
});
