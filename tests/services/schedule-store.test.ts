import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspectionTerms, newPlan } from '../../domain/inspection-plan.ts';
import type { ScheduleTerms } from '../../domain/schedule.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const weekly: ScheduleTerms = inspectionTerms(
  newPlan.parse({
    customerNumber: 'CU-1003',
    phase: 'late',
    interval: { every: 'P7D' },
    timeZone: 'Asia/Shanghai',
  }),
);

async function created(more: Partial<ScheduleTerms> = {}) {
  const { schedules: store } = database.stores;
  const terms = { ...weekly, ...more };
  const by = { id: 'ST-05', role: 'supervisor' } as const;
  const at = new Date().toISOString();
  const key = randomUUID();
  const made = await store.create({ scope: 'test', key, bodyHash: '', terms, by, at });
  const row = await store.get(made.scheduleNumber);
  if (!row) throw new Error('not there');
  return row;
}

test('what became of an occurrence stands; what waits may still be opened, one at a time', async () => {
  const { scheduleNumber } = await created();
  const [monday, tuesday] = ['2026-01-05T01:00:00.000Z', '2026-01-06T01:00:00.000Z'];
  const skipped = { result: 'skipped', caseNumber: null, detail: 'x' } as const;
  const waits = { result: 'buffered', caseNumber: null, detail: null } as const;
  expect(
    await database.stores.schedules.recordOccurrence(scheduleNumber, monday, waits),
  ).toMatchObject(waits);
  expect(
    await database.stores.schedules.recordOccurrence(scheduleNumber, tuesday, waits),
  ).toMatchObject({
    result: 'skipped',
    detail: 'another occurrence waits already',
  });
  expect(
    await database.stores.schedules.recordOccurrence(scheduleNumber, tuesday, waits),
  ).toMatchObject({
    result: 'skipped',
  });
  expect(await database.stores.schedules.ready(10)).toContainEqual({
    scheduleNumber,
    nominalAt: monday,
  });
  expect(
    await database.stores.schedules.recordOccurrence(scheduleNumber, monday, skipped),
  ).toMatchObject(skipped);
  const other = { ...skipped, detail: 'told anew' };
  expect(
    await database.stores.schedules.recordOccurrence(scheduleNumber, monday, other),
  ).toMatchObject(skipped);
  expect(await database.stores.schedules.ready(10)).not.toContainEqual({
    scheduleNumber,
    nominalAt: monday,
  });
  const listed = await database.stores.schedules.occurrences(scheduleNumber, 10);
  expect(listed.map(({ nominalAt }) => nominalAt)).toEqual([tuesday, monday]);
});

test('schedules are listed newest first, page by page', async () => {
  const numbers = [];
  for (let count = 0; count < 3; count += 1)
    numbers.push(
      (await created({ request: { customerNumber: 'CU-1004', phase: 'early' } })).scheduleNumber,
    );
  const first = await database.stores.schedules.list({ customerNumber: 'CU-1004', limit: 2 });
  const second = await database.stores.schedules.list({
    customerNumber: 'CU-1004',
    limit: 2,
    cursor: first.nextCursor ?? '',
  });
  const listed = [...first.items, ...second.items].map(({ scheduleNumber }) => scheduleNumber);
  expect(listed).toEqual(numbers.reverse());
  expect(second.nextCursor).toBeNull();
});

test('schedules are listed by flow, and one of no customer is among them', async () => {
  const request = { productModel: 'NET-SW48' };
  const { scheduleNumber, terms } = await created({ flow: 'defectReport', request });
  expect(terms).toEqual({ ...weekly, flow: 'defectReport', request });
  const { items } = await database.stores.schedules.list({ flow: 'defectReport', limit: 10 });
  expect(items.map((item) => item.scheduleNumber)).toEqual([scheduleNumber]);
});

test('the audit log tells the terms without the words of a person', async () => {
  const fault = { code: 'SRV-NODE-HANG', description: 'Ask Ms Li at the desk.' };
  const request = { customerNumber: 'CU-1004', fault };
  const { scheduleNumber, terms } = await created({ flow: 'emergencyResponse', request });
  expect(terms.request).toEqual(request);
  const [line] = await database.sql<{ detail: object }[]>`
    select detail from case_events where subject = ${scheduleNumber}`;
  expect(line?.detail).toMatchObject({ terms: { request: { fault: { code: 'SRV-NODE-HANG' } } } });
  expect(JSON.stringify(line)).not.toContain('Ms Li');
});
