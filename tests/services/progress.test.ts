import { expect, test } from 'vitest';
import {
  databaseOfThisFile,
  event,
  openedCase,
  progress,
  task,
  view,
} from '../support/fixtures.ts';

const database = databaseOfThisFile();

const kinds = async (caseNumber: string) =>
  (await database.stores.timeline.list(caseNumber, undefined, 100)).items.map((one) => one.kind);

test('a cycle belongs to the first chain of runs that claims it', async () => {
  const caseNumber = await openedCase(database.stores);
  const claim = (firstExecutionRunId: string, cycle = 1, number = caseNumber) =>
    database.stores.progress.claimCycle({ caseNumber: number, cycle, firstExecutionRunId });
  const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(`run-${n}`)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  const winner = `run-${claims.indexOf(true)}`;
  expect(await claim(winner)).toBe(true);
  expect(await claim('run-x', 1, 'C-999999')).toBe(false);
  await database.stores.progress.record(
    progress(caseNumber, 1, { view: view(caseNumber, { status: 'closed' }) }),
  );
  expect(await claim(winner)).toBe(false);
  expect(await claim('run-next', 2)).toBe(true);
});

test('a step is written once however often it is sent', async () => {
  const caseNumber = await openedCase(database.stores);
  const step = progress(caseNumber, 1, {
    openTasks: [task('reportRepair-1')],
    events: [event('stageEntered'), event('taskOpened')],
  });
  await Promise.all(Array.from({ length: 10 }, () => database.stores.progress.record(step)));
  expect(await kinds(caseNumber)).toEqual(['stageEntered', 'taskOpened']);
});

test('a step reported anew at a later instant adds no line for what was reported before', async () => {
  const caseNumber = await openedCase(database.stores);
  const reported = (at: string) =>
    progress(caseNumber, 3, {
      events: [
        event('taskAnswered', { at, subject: 'reportRepair-1', updateId: 'u-9' }),
        event('stageEntered', { at, subject: 'checkingMachine' }),
        event('stageEntered', { at, subject: 'writingRecord' }),
      ],
    });
  await database.stores.progress.record(reported('2026-11-22T08:00:00.000Z'));
  await database.stores.progress.record(reported('2026-11-22T08:00:01.000Z'));
  expect(await kinds(caseNumber)).toEqual(['taskAnswered', 'stageEntered', 'stageEntered']);
});

test('a late step does not move the case back, and its lines are kept', async () => {
  const caseNumber = await openedCase(database.stores);
  const { record } = database.stores.progress;
  await record(
    progress(caseNumber, 2, {
      view: view(caseNumber, { stage: 'second' }),
      openTasks: [task('b-1')],
      events: [event('two')],
    }),
  );
  await record(
    progress(caseNumber, 1, {
      view: view(caseNumber, { stage: 'first' }),
      openTasks: [task('a-1')],
      events: [event('one')],
    }),
  );
  const row = await database.stores.cases.get(caseNumber);
  expect(row?.view.stage).toBe('second');
  expect(row?.revision).toBe(2);
  expect(row?.openTasks.map(({ id }) => id)).toEqual(['b-1']);
  expect(await kinds(caseNumber)).toEqual(['two', 'one']);
});

test('a run made by a reset speaks for the case, and the run it replaced no longer does', async () => {
  const caseNumber = await openedCase(database.stores);
  const step = (runId: string, revision: number, stage: string) =>
    database.stores.progress.record(
      progress(caseNumber, revision, {
        runId,
        view: view(caseNumber, { stage }),
        events: [event(stage)],
      }),
    );
  await step('run-1', 5, 'old');
  await step('run-2', 3, 'reset');
  await step('run-1', 6, 'ghost');
  expect((await database.stores.cases.get(caseNumber))?.view.stage).toBe('reset');
  expect(await kinds(caseNumber)).toEqual(['old', 'reset', 'ghost']);
});

test('tasks of a child stand beside those of its case and end on their own', async () => {
  const caseNumber = await openedCase(database.stores);
  const child = `${caseNumber}/loan1`;
  const { record } = database.stores.progress;
  await record(
    progress(caseNumber, 1, {
      openTasks: [task('reportRepair-1', { openedAt: '2026-11-22T07:00:00.000Z' })],
    }),
  );
  await record(
    progress(caseNumber, 1, {
      workflowId: child,
      view: null,
      openTasks: [task('loan1-reportReturn-1')],
    }),
  );
  const row = await database.stores.cases.get(caseNumber);
  expect(row?.openTasks.map(({ id, workflowId }) => [id, workflowId])).toEqual([
    ['loan1-reportReturn-1', child],
    ['reportRepair-1', caseNumber],
  ]);
  await record(progress(caseNumber, 2, { openTasks: [] }));
  expect((await database.stores.cases.get(caseNumber))?.openTasks.map(({ id }) => id)).toEqual([
    'loan1-reportReturn-1',
  ]);
});

test('a task that was answered is told from one that never was', async () => {
  const caseNumber = await openedCase(database.stores);
  await database.stores.progress.record(
    progress(caseNumber, 1, { openTasks: [task('reportRepair-1')] }),
  );
  expect(await database.stores.tasks.get(caseNumber, 'reportRepair-1')).toMatchObject({
    kind: 'open',
    task: { workflowId: caseNumber },
  });
  await database.stores.progress.record(progress(caseNumber, 2));
  expect(await database.stores.tasks.get(caseNumber, 'reportRepair-1')).toEqual({ kind: 'closed' });
  expect(await database.stores.tasks.get(caseNumber, 'reportRepair-2')).toEqual({
    kind: 'unknown',
  });
});
