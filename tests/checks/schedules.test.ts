import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { hotline, openedCase } from '../support/fixtures.ts';
import { livedIn } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what no guard would let through, and the checker must say so.

const nominalAt = '2026-11-02T01:00:00.000Z';
const terms = { flow: 'scheduledInspection', request: { customerNumber: 'CU-1003' } } as never;

async function planned() {
  const { sql, stores, caseNumber } = await livedIn();
  const { scheduleNumber } = await stores.schedules.create({
    scope: 'test',
    key: randomUUID(),
    bodyHash: '',
    terms,
    by: hotline,
    at: nominalAt,
  });
  const due = { scheduleNumber, nominalAt, overlap: 'skip' };
  const makeDue = (number: string, of: object = due) =>
    sql`update cases set plan = plan || ${sql.json({ occurrence: of } as never)} where case_number = ${number}`;
  const opened = { result: 'opened', caseNumber, detail: null } as const;
  return { sql, stores, caseNumber, scheduleNumber, due, makeDue, opened };
}
const N22 = async ({ sql }: Awaited<ReturnType<typeof planned>>) =>
  (await checkers.N22(sql)).map(({ detail }) => detail);

test('N22 sees a nominal time with two cases, and cases that may not overlap', async () => {
  const lived = await planned();
  const { stores, scheduleNumber, caseNumber, makeDue, opened } = lived;
  await makeDue(caseNumber);
  await stores.schedules.recordOccurrence(scheduleNumber, nominalAt, opened);
  expect(await N22(lived)).toEqual([]);
  const second = await openedCase(stores);
  await makeDue(second);
  expect(await N22(lived)).toEqual(
    expect.arrayContaining([
      '2 cases',
      '2 cases open that may not overlap',
      'a case of no occurrence',
    ]),
  );
});

test('N22 sees a case that no occurrence names, and an occurrence that names another schedule’s case', async () => {
  const lived = await planned();
  const { stores, scheduleNumber, caseNumber, makeDue, opened, due } = lived;
  await makeDue(caseNumber);
  expect(await N22(lived)).toEqual(['a case of no occurrence']);
  await stores.schedules.recordOccurrence(scheduleNumber, nominalAt, opened);
  await makeDue(caseNumber, { ...due, scheduleNumber: 'IP-0001' });
  expect(await N22(lived)).toEqual([`names ${caseNumber}`]);
});

test('schedulesLogged sees a version of a schedule that the audit log lacks', async () => {
  const { sql, scheduleNumber } = await planned();
  expect(await checkers.schedulesLogged(sql)).toEqual([]);
  await sql`update schedules set version = 2 where schedule_number = ${scheduleNumber}`;
  expect(await checkers.schedulesLogged(sql)).toMatchObject([{ detail: 'version 2, 1 lines' }]);
});
