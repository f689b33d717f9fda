/** What a client of the door sees of a paid repair: the tariff, what a case costs, and refusals that say what is allowed (FLOW-OW, FLOW-CHARGE). */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openExamples } from '../../domain/flows/out-of-warranty-repair/opening.ts';
import {
  answer,
  caseOnce,
  exampleOf,
  openTask,
  readCase,
  timelineOf,
  walk,
} from '../support/api/case-walk.ts';
import type { Body } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const [example] = openExamples;
const quarry = { customerNumber: 'CU-1001', serialNumber: 'QY25V-000042', specialUser: undefined };
const noParts = { customerHasPart: false, guideByPhone: false, expectedParts: [] };
async function open(changes: Body = {}): Promise<string> {
  const request = { ...example, allowDuplicate: { reason: 'A test.' }, ...changes };
  const opened = await door.call('POST', '/v1/cases', 'hotline', request, randomUUID());
  expect(opened.status).toBe(201);
  return String(opened.body.caseNumber);
}
/** Up to the customer's answer, of a customer who owes nothing. */
async function quoted(): Promise<string> {
  const caseNumber = await open(quarry);
  await walk(door, caseNumber, ({ openTasks }) => openTasks.some(isAnswer), {
    reportPhoneTriage: noParts,
  });
  return caseNumber;
}
const isAnswer = ({ name }: { name: string }) => name === 'recordQuoteAnswer';
const charges = (caseNumber: string) =>
  door.call('GET', `/v1/cases/${caseNumber}/charges`, 'engineer');

test('the published tariff is there for all staff', async () => {
  expect(await door.call('GET', '/v1/tariff', 'engineer')).toMatchObject({
    status: 200,
    body: { version: 1, currency: 'CNY', visitMinor: 15_000, laborMinuteMinor: 200 },
  });
});

test('closed by its first examples; its charges show decisions, quote, bill, payments and settlement', async () => {
  const caseNumber = await open();
  expect(await charges(caseNumber)).toMatchObject({ status: 200, body: { quotes: [] } });
  const closed = await walk(door, caseNumber, ({ status }) => status === 'closed');
  expect(closed).toMatchObject({ outcome: 'repaired' });
  const { body } = await charges(caseNumber);
  expect(body).toMatchObject({
    decisions: [{ kind: 'arrears' }, { kind: 'specialUser' }],
    quotes: [{ status: 'accepted' }],
    invoices: [{ invoiceNumber: expect.stringMatching(/^INV-\d{6}$/) }],
    payments: [{ receiptNumber: 'RC-0001' }, { receiptNumber: 'RC-0002' }],
    settlements: [{ basis: 'inWarranty' }],
  });
  const decided = (await timelineOf(door, caseNumber)).find(
    ({ kind, subject }) => kind === 'taskAnswered' && subject === 'decideArrears-1',
  );
  expect(decided?.reason).toContain('half of the quote is paid first');
  const missing = await door.call('GET', '/v1/cases/C-999999/charges', 'engineer');
  expect(missing.status).toBe(404);
});

test('a price that is not the tariff’s is 422 and names the tariff; nothing changed', async () => {
  const caseNumber = await open(quarry);
  await walk(door, caseNumber, ({ openTasks }) => openTasks[0]?.name === 'prepareQuote', {
    reportPhoneTriage: noParts,
  });
  const task = await openTask(door, caseNumber, 'prepareQuote');
  const [visit] = exampleOf(task).lines as Body[];
  expect(await answer(door, task, { lines: [{ ...visit, unitPriceMinor: 1 }] })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: '/lines/0/unitPriceMinor',
          detail: 'visit: the published tariff, version 1, asks 15000 for each',
        },
      ],
    },
  });
  expect((await readCase(door, caseNumber)).openTasks.map(({ id }) => id)).toEqual([task.id]);
});

test('a quote accepted after it expired is 409, and says how the case stands and what is allowed', async () => {
  await door.world.sql`
    insert into policies (name, version, product_class, body)
    select name, version + 1, product_class, jsonb_set(body, '{paid}', body->'paid' || '{"quoteValidFor":"PT3S","quoteReminder":"PT1S"}')
    from policies where name = 'heavyEquipment' order by version desc limit 1`;
  const caseNumber = await quoted();
  const task = await openTask(door, caseNumber, 'recordQuoteAnswer');
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
  expect(await answer(door, task)).toMatchObject({
    status: 409,
    body: {
      code: 'taskNotOpen',
      detail: 'the case has ended: quoteExpired',
      currentStatus: 'closed',
      allowedActions: [],
    },
  });
  expect((await charges(caseNumber)).body).toMatchObject({ quotes: [{ status: 'expired' }] });
});

test('a machine in warranty is refused with the flow that fits; the same call without a flow is routed by what is owed', async () => {
  const excavator = { ...quarry, serialNumber: 'ZE230E-000117' };
  const request = { ...example, ...excavator };
  expect(await door.call('POST', '/v1/cases', 'hotline', request, randomUUID())).toMatchObject({
    status: 422,
    body: { fits: 'inWarrantyRepair' },
  });
  const {
    flow: _,
    specialUser: __,
    ...unrouted
  } = {
    ...request,
    serialNumber: 'QY25V-000042',
    allowDuplicate: { reason: 'A test.' },
  };
  const routed = await door.call('POST', '/v1/cases', 'hotline', unrouted, randomUUID());
  expect(routed).toMatchObject({ status: 201, body: { flow: 'outOfWarrantyRepair' } });
});

test('why parts should be free is on the case page and the decision record, and never reaches the engine (D9)', async () => {
  const caseNumber = await open();
  const { reason } = example?.specialUser ?? { reason: '' };
  await openTask(door, caseNumber, 'decideArrears');
  expect(await readCase(door, caseNumber)).toMatchObject({ specialUser: { reason } });
  await walk(door, caseNumber, ({ openTasks }) => openTasks[0]?.name === 'reportPhoneTriage');
  const { decisions } = (await charges(caseNumber)).body as { decisions: Body[] };
  expect(decisions[1]).toMatchObject({ kind: 'specialUser', askedBecause: reason });
  const history = await door.world.client.workflow.getHandle(caseNumber).fetchHistory();
  expect(textsOf(history)).toContain(caseNumber);
  expect(textsOf(history)).not.toContain(reason);
});

/** All text of a history, payloads decoded. */
function textsOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textsOf).join('\n');
}

test('a contract customer in arrears is not served against payment: 422 says what is allowed', async () => {
  await door.world.sql`update customers set arrears = true where customer_number = 'CU-1004'`;
  const { specialUser: _, ...contracted } = { ...example, ...openExamples[1] };
  const caseNumber = await open({ ...contracted, specialUser: undefined });
  const task = await openTask(door, caseNumber, 'decideArrears');
  expect(await answer(door, task, { decision: 'againstPayment' })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          pointer: '/decision',
          detail: 'a maintenance contract pays: serveFully, safetyOnly or refuse',
        },
      ],
    },
  });
  expect((await answer(door, task)).status).toBe(200);
});
