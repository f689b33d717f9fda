/** The conformance test tries everything: whatever one thing a partner can't do, it is found out. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ServiceFailure } from '../../db/failures.ts';
import { builtInServices } from '../../services/partner/choose.ts';
import { tryPartner } from '../../services/partner/conformance.ts';
import { contracts, type ServiceName, serviceNames } from '../../services/partner/contract.ts';
import type { PartnerAddress } from '../../services/partner/exchange.ts';
import type { Partnered } from '../../services/partner/operations.ts';
import { createOutbox } from '../../services/partner/outbox.ts';
import { sampleOf } from '../../services/partner/sample.ts';
import { buildPartner, type PartnerServices } from '../../services/partner/server.ts';
import { defaultFacts } from '../../services/partner/trial.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const operations = serviceNames.flatMap((service) =>
  Object.entries(contracts[service]).map(([name, operation]) => ({ service, name, operation })),
);
type Method = (...args: unknown[]) => Promise<unknown>;
let app: ReturnType<typeof buildPartner>;
let address: PartnerAddress;
/** What the partner refuses to do once it was asked as it should be, such as parts/receive. */
let unable: string | null = null;

beforeAll(async () => {
  const { sql } = database;
  const whileAble = <Methods extends object>(service: ServiceName, methods: Methods) =>
    Object.fromEntries(
      Object.entries(methods).map(([name, method]: [string, Method]) => [
        name,
        (...args: unknown[]) => {
          if (unable === `${service}/${name}`) throw new ServiceFailure('Unavailable', 'no');
          return method(...args);
        },
      ]),
    ) as Methods;
  const able = <Service extends Partnered>(name: ServiceName, { effects, questions }: Service) => ({
    effects: whileAble<Service['effects']>(name, effects),
    questions: whileAble<Service['questions']>(name, questions),
  });
  const { parts, dispatch } = builtInServices(sql);
  const services: PartnerServices = {
    parts: able('parts', parts),
    dispatch: able('dispatch', dispatch),
    notification: able('notification', createOutbox(sql)),
  };
  app = buildPartner(services, { token: 'secret' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  address = { url, token: 'secret', timeoutMs: 8_000 };
});
afterAll(() => app.close());

let runs = 0;
beforeEach(async () => {
  const lines = [{ partNumber: defaultFacts.part, quantity: 20 }]; // what a run can't give back
  await builtInServices(database.sql).parts.effects.receive({
    effectKey: `more/${++runs}`,
    location: 'OFFICE-NORTH',
    lines,
  });
});

const wrongOf = async (service: ServiceName) =>
  (await tryPartner(address, [service], defaultFacts, () => undefined)).flatMap(
    ({ wrong }) => wrong ?? [],
  );

test('every operation has a sample that keeps to the contract', () => {
  for (const { name, operation } of operations)
    expect(operation.request.safeParse(sampleOf(operation)).error, name).toBeUndefined();
});

test.each(serviceNames)('who can do all is told nothing wrong about %s', async (service) => {
  unable = null;
  expect(await wrongOf(service)).toEqual([]);
});

test.each(operations)('who is never able to do $service/$name is found out', async (one) => {
  unable = `${one.service}/${one.name}`;
  expect((await wrongOf(one.service)).join('\n')).toMatch(/partner answered 503|got Unavailable/);
});
