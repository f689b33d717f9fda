import { expect, test } from 'vitest';
import {
  databaseOfThisFile,
  event,
  hotline,
  openedCase,
  progress,
  task,
} from '../support/fixtures.ts';

const database = databaseOfThisFile();

test('the worklist puts the most urgent first and what has no due time last, page by page', async () => {
  const caseNumber = await openedCase(database.stores);
  const due = (id: string, dueAt: string | null) => task(id, { dueAt, role: 'support' });
  await database.stores.progress.record(
    progress(caseNumber, 1, {
      openTasks: [
        due('never-1', null),
        due('late-1', '2026-01-02T00:00:00.000Z'),
        due('soon-1', '2099-01-01T00:00:00.000Z'),
        due('later-1', '2026-01-01T00:00:00.000Z'),
      ],
    }),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await database.stores.tasks.list({ role: 'support', limit: 1, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(['later-1', 'late-1', 'soon-1', 'never-1']);
  const overdue = await database.stores.tasks.list({ role: 'support', overdue: true, limit: 10 });
  expect(overdue.items.map(({ id }) => id)).toEqual(['later-1', 'late-1']);
  expect(
    (await database.stores.tasks.list({ role: 'support', overdue: false, limit: 10 })).items,
  ).toHaveLength(2);
  expect(
    (await database.stores.tasks.list({ role: 'support', assignee: 'ST-03', limit: 10 })).items,
  ).toHaveLength(0);
});

test('the timeline comes in the order in which it happened, page by page', async () => {
  const caseNumber = await openedCase(database.stores);
  await database.stores.progress.record(
    progress(caseNumber, 1, {
      events: [event('one', { reason: 'because' }), event('two'), event('three')],
    }),
  );
  const first = await database.stores.timeline.list(caseNumber, undefined, 2);
  const second = await database.stores.timeline.list(caseNumber, first.nextCursor ?? undefined, 2);
  expect([...first.items, ...second.items].map(({ kind }) => kind)).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect(first.items[0]).toMatchObject({
    reason: 'because',
    actor: { id: 'ST-02', role: 'engineer' },
    runId: 'run-1',
    workflowId: caseNumber,
  });
  expect(second.nextCursor).toBeNull();
});

test('a refusal is written once per key, also when it is about no case', async () => {
  const caseNumber = await openedCase(database.stores);
  const entry = {
    eventKey: 'refused/1',
    caseNumber,
    event: event('refused', { actor: hotline, subject: 'reportRepair-1' }),
  };
  await database.stores.timeline.append(entry);
  await database.stores.timeline.append(entry);
  await database.stores.timeline.append({ ...entry, eventKey: 'refused/2', caseNumber: null });
  expect((await database.stores.timeline.list(caseNumber, undefined, 10)).items).toHaveLength(1);
});

test.each(['case_events', 'part_movements'])(
  'nothing in %s can be changed, removed or emptied',
  async (table) => {
    const caseNumber = await openedCase(database.stores);
    await database.stores.timeline.append({
      eventKey: `kept/${table}`,
      caseNumber,
      event: event('kept'),
    });
    const { sql } = database;
    const appendOnly = { code: '23001' };
    await expect(sql`update ${sql(table)} set kind = 'other'`).rejects.toMatchObject(appendOnly);
    await expect(sql`delete from ${sql(table)}`).rejects.toMatchObject(appendOnly);
    await expect(sql`truncate ${sql(table)} cascade`).rejects.toMatchObject(appendOnly);
  },
);

test('a key is new once, then the same for its body and other for another', async () => {
  const claim = (bodyHash: string) =>
    database.stores.requests.claim({ scope: 'C-1/t-1', key: 'k', bodyHash, actor: hotline });
  const claims = await Promise.all(Array.from({ length: 20 }, () => claim('a')));
  expect(claims.filter((one) => one === 'new')).toHaveLength(1);
  expect(claims.filter((one) => one === 'same')).toHaveLength(19);
  expect(await claim('b')).toBe('other');
});

test.each([
  ['-00', true],
  ['ze230e', true],
  ['%', false],
  ['_', false],
  ['\\', false],
  ['C-%', false],
])('what is searched for is taken literally: %s', async (q, isFound) => {
  const caseNumber = await openedCase(database.stores);
  const { items } = await database.stores.cases.list({ q, limit: 1_000 });
  expect(items.some(({ view }) => view.caseNumber === caseNumber)).toBe(isFound);
});
