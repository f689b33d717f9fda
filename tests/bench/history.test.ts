import { expect, test } from 'vitest';
import { causes, classify, countBy, eventBudget, kinds, type Seen } from '../../bench/history.ts';

/** A run from its event types: `TYPE:scheduledBy`, or `TYPE name` of an activity. */
const run = (...types: string[]): Seen[] =>
  types.map((text, index) => {
    const [type = '', about = ''] = text.split(' ');
    const [name = '', by] = type.split(':');
    return { id: index + 1, type: name, about, ...(by ? { scheduledBy: Number(by) } : {}) };
  });
const task = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED'];
const answered = ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'];
const causesOf = (events: Seen[]) => countBy(causes, classify(events), (event) => event.cause);

test('what a start sets going belongs to the opening', () => {
  const events = run('WORKFLOW_EXECUTION_STARTED', ...task, 'MARKER_RECORDED', 'TIMER_STARTED');
  expect(causesOf(events)).toMatchObject({ opening: 6, answers: 0, effects: 0 });
});

test('an answer costs its task, its two events, and what the workflow wrote for it', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const events = run(...start, ...task, ...answered, 'MARKER_RECORDED', ...task, ...answered);
  expect(causesOf(events)).toMatchObject({ opening: 4, answers: 11 });
});

test('an effect costs its activity and the task that its end wakes; its scheduling is not the answer’s', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const called = [
    'ACTIVITY_TASK_SCHEDULED reserve',
    'ACTIVITY_TASK_STARTED:5',
    'ACTIVITY_TASK_COMPLETED:5',
  ];
  const events = run(...start, ...called, ...task, 'MARKER_RECORDED');
  expect(causesOf(events)).toMatchObject({ opening: 4, effects: 7, bookkeeping: 0 });
});

test('a local activity that does something for the business is an effect, whatever woke its task', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const wrote = ['MARKER_RECORDED archiveCase', 'MARKER_RECORDED recordProgress'];
  expect(causesOf(run(...start, ...task, ...answered, ...wrote))).toMatchObject({
    answers: 6,
    effects: 1,
  });
});

test('a normal activity that tells our own database where the case stands is bookkeeping', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const called = [
    'ACTIVITY_TASK_SCHEDULED recordProgress',
    'ACTIVITY_TASK_STARTED:5',
    'ACTIVITY_TASK_COMPLETED:5',
  ];
  expect(causesOf(run(...start, ...called, ...task))).toMatchObject({ effects: 0, bookkeeping: 6 });
});

test('a timer and a child’s word are told apart from answers, also when both wake one task', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const events = run(...start, 'TIMER_FIRED', 'WORKFLOW_EXECUTION_SIGNALED', ...task, ...answered);
  expect(causesOf(events)).toMatchObject({ clocks: 4, loans: 1, answers: 2 });
});

test('a command that asks a child to start wakes nobody; the child’s start does', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const asked = 'START_CHILD_WORKFLOW_EXECUTION_INITIATED';
  const events = run(
    ...start,
    asked,
    ...task,
    ...answered,
    'CHILD_WORKFLOW_EXECUTION_STARTED',
    ...task,
  );
  expect(causesOf(events)).toMatchObject({ loans: 5, answers: 5 });
});

test('what arrives before a task starts is told to that task and wakes no other', () => {
  const [scheduled = '', ...started] = task;
  const ended = 'CHILD_WORKFLOW_EXECUTION_COMPLETED';
  const events = run(
    'WORKFLOW_EXECUTION_STARTED',
    ...task,
    scheduled,
    ended,
    ...started,
    ...answered,
  );
  expect(causesOf(run(...events.map(({ type }) => type), ...task, ...answered))).toMatchObject({
    loans: 1,
    answers: 10,
  });
});

test('an answer taken by a task that something else woke costs what is written for it', () => {
  const start = ['WORKFLOW_EXECUTION_STARTED', ...task];
  const events = run(...start, 'TIMER_FIRED', ...task, ...answered, 'MARKER_RECORDED');
  expect(causesOf(events)).toMatchObject({ clocks: 4, answers: 3 });
});

test('each event has one kind', () => {
  const types = ['WORKFLOW_EXECUTION_STARTED', ...task, ...answered, 'ACTIVITY_TASK_SCHEDULED'];
  const more = ['MARKER_RECORDED', 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', 'TIMER_CANCELED'];
  const children = ['CHILD_WORKFLOW_EXECUTION_STARTED', 'WORKFLOW_EXECUTION_SIGNALED'];
  const events = classify(run(...types, ...more, ...children));
  expect(countBy(kinds, events, (event) => event.kind)).toEqual({
    workflowTasks: 3,
    updates: 2,
    activities: 1,
    localActivities: 1,
    searchAttributes: 1,
    timers: 1,
    childrenAndSignals: 2,
    startAndEnd: 1,
  });
});

test('eight events an answer and six an effect', () => {
  expect(eventBudget(18, 20)).toBe(264);
});
