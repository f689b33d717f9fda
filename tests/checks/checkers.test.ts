import { expect, test } from 'vitest';
import { checkAll, checkers } from '../../checks/index.ts';
import { event, openedCase, progress, task, view } from '../support/fixtures.ts';
import { at, livedIn, until } from '../support/lived-in.ts';

// Each test takes a guard away and does what it would have refused: the checker must say so. A database each.

test('a case that went by the rules breaks no invariant', async () => {
  const { sql } = await livedIn();
  expect(await checkAll(sql)).toEqual([]);
});

test('I1 sees a part reserved twice for one line, and stock that was oversold', async () => {
  const { sql } = await livedIn();
  await sql`alter table part_movements drop constraint part_movements_once`;
  await sql`insert into part_movements (effect_key, reference, kind, location, part_number, reserved_delta)
    select 'twice', reference, kind, location, part_number, reserved_delta from part_movements where effect_key = 'held'`;
  await sql`alter table stock drop constraint stock_not_oversold`;
  await sql`update stock set reserved = on_hand + 1 where location = 'CENTRAL' and part_number = 'TV-BOARD-55'`;
  expect((await checkers.I1(sql)).map(({ subject }) => subject)).toEqual([
    'CENTRAL TV-BOARD-55',
    'held',
  ]);
});

test('I2 sees a total that the ledger does not add up to', async () => {
  const { sql } = await livedIn();
  await sql`update stock set on_hand = on_hand - 1 where location = 'CENTRAL' and part_number = 'TV-BOARD-55'`;
  expect(await checkers.I2(sql)).toMatchObject([{ subject: 'CENTRAL TV-BOARD-55' }]);
});

test('I2 sees reserved stock that nobody holds', async () => {
  const { sql } = await livedIn();
  await sql`update part_reservations set status = 'released' where reservation_key = 'held'`;
  expect(await checkers.I2(sql)).toMatchObject([{ subject: 'OFFICE-NORTH HP-PUMP-230' }]);
});

test('I3 sees what a closed case still holds, but not a loan that was waived by name', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  await end();
  expect((await checkers.I3(sql)).map(({ detail }) => detail)).toEqual([
    `${caseNumber}/loan1 has 1 outstanding`,
    'reserved under held',
    'visit booked under visit',
  ]);
  const waivers = [{ id: 'loan1', reason: 'lost at sea', actor: 'ST-05', at }];
  await stores.progress.record(
    progress(caseNumber, 4, { view: view(caseNumber, { status: 'closed', waivers }) }),
  );
  expect((await checkers.I3(sql)).map(({ detail }) => detail)).toEqual([
    'reserved under held',
    'visit booked under visit',
  ]);
});

test('I4 sees a reserve that landed after its release', async () => {
  const { sql } = await livedIn();
  await sql`insert into part_movements (effect_key, reference, kind, location, part_number, reserved_delta)
    values ('late', 'freed', 'reserve', 'OFFICE-NORTH', 'HP-PUMP-230', 1)`;
  expect(await checkers.I4(sql)).toMatchObject([{ subject: 'freed' }]);
});

test('I5 sees an engineer in two places', async () => {
  const { sql } = await livedIn();
  await sql`alter table appointments drop constraint one_visit_at_a_time`;
  await sql`insert into appointments (booking_key, case_number, engineer_number, period, status)
    select 'other', 'C-777777', engineer_number, period, 'booked' from appointments`;
  expect(await checkers.I5(sql)).toMatchObject([{ subject: 'EN-01', detail: 'other and visit' }]);
});

test('I6 sees a message that was never attempted', async () => {
  const { sql } = await livedIn();
  await sql`delete from notification_deliveries where seq = 1`;
  expect(await checkers.I6(sql)).toHaveLength(1);
});

test('I6 sees a message that lies about, and one that was sent and taken by nobody', async () => {
  const { sql } = await livedIn();
  await sql`delete from notification_deliveries`;
  await sql`update notifications set status = 'pending'`;
  expect(await checkers.I6(sql)).toEqual([]);
  await sql`update notifications set next_attempt_at = now() - interval '1 hour'`;
  expect((await checkers.I6(sql)).map(({ subject }) => subject)).toEqual(['N-1']);
  await sql`insert into notification_deliveries (seq, attempt, result) select seq, 1, 'failed' from notifications`;
  await sql`update notifications set status = 'sent'`;
  expect(await checkers.I6(sql)).toHaveLength(2);
});

test('I7 sees messages that went out in another order', async () => {
  const { sql } = await livedIn();
  await sql`update notifications set sequence = 3 - sequence`;
  expect(await checkers.I7(sql)).toMatchObject([{ detail: '1 after 2' }]);
});

test('I8 sees a case number out of its place', async () => {
  const { sql } = await livedIn();
  await sql`update cases set seq = seq + 1000`;
  expect(await checkers.I8(sql)).toHaveLength(1);
});

test('I10 sees a workflow whose case has no row', async () => {
  const { sql, stores } = await livedIn();
  await stores.timeline.append({
    eventKey: 'lost',
    caseNumber: 'C-888888',
    event: event('stageEntered'),
  });
  expect(await checkers.I10(sql)).toEqual([]);
  await sql`insert into case_events (event_key, case_number, workflow_id, kind, at, actor_id, actor_role)
    values ('ghost', 'C-888888', 'C-888888', 'stageEntered', now(), 'x', 'system')`;
  expect(await checkers.I10(sql)).toMatchObject([{ subject: 'C-888888' }]);
});

test('I12 sees an answer that a finished cycle took', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  await end();
  expect(await checkers.I12(sql)).toEqual([]);
  await stores.progress.record(
    progress(caseNumber, 4, { events: [event('taskAnswered', { subject: 'late-1' })] }),
  );
  expect(await checkers.I12(sql)).toHaveLength(1);
});

test('I12 lets a lost step be told anew after the end, by the run that told it before', async () => {
  const { sql, stores, caseNumber, end } = await livedIn();
  const filing = { events: [event('stageEntered', { subject: 'filing' })] };
  await stores.progress.record(progress(caseNumber, 3, filing));
  await end();
  await stores.progress.record(progress(caseNumber, 5, filing));
  expect(await checkers.I12(sql)).toEqual([]);
  await stores.progress.record(progress(caseNumber, 6, { ...filing, runId: 'run-2' }));
  expect(await checkers.I12(sql)).toHaveLength(1);
});

test('I13 sees an act that was counted twice, and an answered task that is still open', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const answered = event('taskAnswered', { subject: 'reportRepair-1', updateId: 'u-1' });
  await stores.progress.record(progress(caseNumber, 3, { openTasks: [task('reportRepair-1')] }));
  // the store takes an act of one workflow once: only another workflow could tell it again
  const workflowId = `${caseNumber}/loan1`;
  await stores.progress.record(
    progress(caseNumber, 3, { workflowId, view: null, events: [answered] }),
  );
  expect((await checkers.I13(sql)).map(({ detail }) => detail)).toEqual([
    'reportRepair-1 answered 2 times',
    'reportRepair-1 is answered and open',
    'reportRepair-1 is answered and open',
    'taskAnswered reportRepair-1 by u-1: 2 times',
  ]);
});

test('I14 sees a refusal of nobody, and a refused act that was taken all the same', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const refuse = (eventKey: string, more: object) =>
    stores.timeline.append({
      eventKey,
      caseNumber,
      event: event('refused', { subject: 'reportRepair-1', ...more }),
    });
  await refuse('refused/fine', { updateId: 'u-9' });
  expect(await checkers.I14(sql)).toEqual([]);
  await refuse('refused/nobody', { subject: null });
  await refuse('refused/taken', { updateId: 'u-1' });
  expect(await checkers.I14(sql)).toHaveLength(2);
});

test('I15 sees a case that never started, and one that waits for nothing', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const waiting = await openedCase(stores);
  expect(await checkers.I15(sql)).toMatchObject([
    { subject: waiting, detail: expect.stringContaining('started false') },
  ]);
  await stores.progress.record(progress(caseNumber, 3));
  expect((await checkers.I15(sql)).map(({ subject }) => subject)).toEqual([caseNumber, waiting]);
  const clock = {
    name: 'resolution',
    startedAt: at,
    dueAt: until,
    state: 'running' as const,
    metAt: null,
  };
  await stores.progress.record(
    progress(caseNumber, 4, { view: view(caseNumber, { clocks: [clock] }) }),
  );
  expect((await checkers.I15(sql)).map(({ subject }) => subject)).toEqual([waiting]);
});

test('I19 sees a list that says something else than the case', async () => {
  const { sql } = await livedIn();
  await sql`update cases set stage = 'elsewhere'`;
  expect(await checkers.I19(sql)).toHaveLength(1);
});

test('N15 sees a record that was changed after it was signed', async () => {
  const { sql } = await livedIn();
  await sql`alter table service_records disable trigger service_records_immutable`;
  await sql`update service_records set body = '{}'`;
  expect(await checkers.N15(sql)).toMatchObject([
    { detail: 'version 1 was changed after it was signed' },
  ]);
});
