import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../api/engine.ts';
import { sweepPending } from '../../services/cases/index.ts';
import { type Door, engineOf, firstExample, noEngine, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let engine: Engine;
let door: Door;

beforeAll(async () => {
  world = await startWorld({ workers: false }); // opening needs the engine, and nobody at work yet
  engine = engineOf(world, 10_000, 300);
  door = await openDoor(world.sql, engine);
});
afterAll(async () => {
  await door.app.close();
  await world.close();
});

/** The pair of asset and fault may be open once: each test takes another of the school's twelve machines. */
let taken = 0;
const nextMachine = () => {
  taken += 1;
  return {
    customerNumber: 'CU-1003',
    serialNumber: `NET-SCH-${String(taken).padStart(4, '0')}`,
    fault: { code: 'NET-NO-LINK', description: 'No link on any port.' },
  };
};
const open = (
  request: object,
  key: string = randomUUID(),
  role: 'hotline' | 'supervisor' = 'hotline',
) => door.call('POST', '/v1/cases', role, request, key);
const describe = (caseNumber: unknown) =>
  world.client.workflow.getHandle(String(caseNumber)).describe();

test('100 parallel calls with one key open one case, one row, one workflow', async () => {
  const key = randomUUID();
  const request = firstExample();
  const answers = await Promise.all(Array.from({ length: 100 }, () => open(request, key)));
  const numbers = new Set(answers.map((answer) => answer.body.caseNumber));
  expect(numbers.size).toBe(1);
  expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(99).fill(200), 201]);
  const [caseNumber] = numbers;
  expect(await world.sql`select case_number from cases`).toEqual([{ case_number: caseNumber }]);
  const described = await describe(caseNumber);
  expect(described).toMatchObject({ type: 'inWarrantyRepair', historyLength: 2 });
});

test('an opened case says where it is, and the engine can say so too', async () => {
  const machine = nextMachine();
  const opened = await open(firstExample(machine));
  expect(opened).toMatchObject({
    status: 201,
    headers: { location: `/v1/cases/${opened.body.caseNumber}` },
    body: {
      flow: 'inWarrantyRepair',
      status: 'new',
      severity: 'high',
      customerNumber: 'CU-1003',
      entitlement: { verdict: 'inWarranty', evidence: [expect.any(String)] },
      alertLevel: 0,
      blockers: [],
      outcome: null,
      closedAt: null,
      cycle: 1,
      links: {
        self: `/v1/cases/${opened.body.caseNumber}`,
        temporalUi: expect.stringContaining('http'),
      },
    },
  });
  const { searchAttributes, memo } = await describe(opened.body.caseNumber);
  expect(searchAttributes).toMatchObject({
    AfterloopFlow: ['inWarrantyRepair'],
    AfterloopStatus: ['new'],
    AfterloopAsset: [machine.serialNumber],
  });
  expect(memo).toMatchObject({ entitlement: 'inWarranty' });
});

test('nothing that belongs to a person reaches the engine', async () => {
  const contact = { name: 'Unmistakable Name', phone: '+86 555 0199' };
  const fault = { code: 'NET-NO-LINK', description: 'Unmistakable description.' };
  const opened = await open(firstExample({ ...nextMachine(), contact, fault }));
  expect(opened.status).toBe(201);
  const history = await world.client.workflow
    .getHandle(String(opened.body.caseNumber))
    .fetchHistory();
  const payloads = Buffer.from(JSON.stringify(history)).toString('utf8');
  const decoded = [...payloads.matchAll(/"data":"([^"]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  );
  expect([payloads, ...decoded].join()).not.toMatch(/Unmistakable|0199/);
  expect(decoded.join()).toContain('NET-SCH');
});

test('the same key with another body is 422, with the same body 200', async () => {
  const key = randomUUID();
  const request = firstExample(nextMachine());
  expect((await open(request, key)).status).toBe(201);
  expect((await open({ ...request, severity: 'low' }, key)).body).toMatchObject({
    code: 'idempotencyKeyReused',
  });
  expect((await open(request, key)).status).toBe(200);
});

test('one person’s key means nothing to another', async () => {
  const key = randomUUID();
  expect((await open(firstExample(nextMachine()), key)).status).toBe(201);
  expect((await open(firstExample(nextMachine()), key, 'supervisor')).status).toBe(201);
});

test('the same fault of an open asset is 409 with a link, unless a duplicate is allowed with a reason', async () => {
  const request = firstExample(nextMachine());
  const first = await open(request);
  expect(await open(request)).toMatchObject({
    status: 409,
    body: {
      code: 'duplicateCase',
      currentStatus: 'new',
      link: `/v1/cases/${first.body.caseNumber}`,
    },
  });
  expect(
    (await open({ ...request, allowDuplicate: { reason: 'Two pumps, two faults.' } })).status,
  ).toBe(201);
});

test('unknown numbers are named by field', async () => {
  const unknown = {
    customerNumber: 'CU-9999',
    serialNumber: 'NO-SUCH-1',
    fault: { code: 'NO-SUCH', description: 'x' },
  };
  const { status, body } = await open(firstExample(unknown));
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    { pointer: '/customerNumber', detail: 'unknown customerNumber' },
    { pointer: '/serialNumber', detail: 'unknown serialNumber' },
    { pointer: '/fault/code', detail: 'unknown faultCode' },
  ]);
});

test('an asset of another customer is 422 at the serial number', async () => {
  const { status, body } = await open(firstExample({ customerNumber: 'CU-1002' }));
  expect([status, body.errors]).toEqual([
    422,
    [expect.objectContaining({ pointer: '/serialNumber' })],
  ]);
});

const outOfWarranty = {
  serialNumber: 'QY25V-000042',
  fault: { code: 'CRN-WINCH-SLIP', description: 'It slips.' },
};
const overrideEntitlement = { reason: 'Recalled last month.' };

test('an asset out of warranty is 422 with the evidence and the flow that fits', async () => {
  expect(await open(firstExample(outOfWarranty))).toMatchObject({
    status: 422,
    body: {
      code: 'entitlementMismatch',
      evidence: [expect.stringContaining('24 months')],
      fits: 'outOfWarrantyRepair',
    },
  });
});

test('only a supervisor overrides the entitlement, and the plan keeps who and why', async () => {
  const request = firstExample({ ...outOfWarranty, overrideEntitlement });
  expect(await open(request)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await open(request, randomUUID(), 'supervisor')).toMatchObject({
    status: 201,
    body: {
      entitlement: {
        verdict: 'outOfWarranty',
        overriddenBy: 'ST-05',
        overrideReason: overrideEntitlement.reason,
      },
    },
  });
});

test('a role that may not open is 403, and the refusal is in the audit log', async () => {
  const refused = await door.call(
    'POST',
    '/v1/cases',
    'engineer',
    { nonsense: true },
    randomUUID(),
  );
  expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const lines =
    await world.sql`select detail from case_events where kind = 'refused' and actor_id = 'ST-02'`;
  expect(lines).toEqual([{ detail: { code: 'forbidden', status: 403 } }]);
});

test('without a key it is 400', async () => {
  expect(await door.call('POST', '/v1/cases', 'hotline', firstExample())).toMatchObject({
    status: 400,
    body: { code: 'headerMissing' },
  });
});

test('while the engine is away it is 503; the same key then finds the same case', async () => {
  const away = await openDoor(world.sql, noEngine);
  const request = firstExample(nextMachine());
  const key = randomUUID();
  const refused = await away.call('POST', '/v1/cases', 'hotline', request, key);
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
  const opened = await open(request, key);
  expect(opened.status).toBe(200);
  expect((await describe(opened.body.caseNumber)).status.name).toBe('RUNNING');
  await away.app.close();
});

test('a case that was left without its workflow is started by the sweeper, once', async () => {
  const deps = { cases: door.deps.stores.cases, starter: engine };
  await sweepPending(deps, 0); // the other tests' cases: started, but with nobody at work to say so
  const away = await openDoor(world.sql, noEngine);
  const request = firstExample(nextMachine());
  await away.call('POST', '/v1/cases', 'hotline', request, 'orphan');
  await away.app.close();
  expect(await sweepPending(deps, 0)).toBe(1);
  expect(await sweepPending(deps, 0)).toBe(0);
  const { body } = await open(request, 'orphan');
  expect((await describe(body.caseNumber)).status.name).toBe('RUNNING');
});

test('nobody polls yet, and readiness says so by queue', async () => {
  const ready = await door.app.inject('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({
    checks: { database: true, engine: true, pollers: { afterloop: false } },
  });
});
