/** A history is the product: it replays on the build (I16, N17), and an auditor can read it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { processEnvironment } from '../../config/index.ts';
import { answers } from '../../domain/catalogue.ts';
import * as workflows from '../../workflows/index.ts';
import type { Case } from '../support/workflows/case.ts';
import { createDesk } from '../support/workflows/desk.ts';
import { recordAll, recorded, recordings } from '../support/workflows/recordings.ts';
import { allIsWell, brokenReplays, type History, historyOf } from '../support/workflows/replay.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let theCase: Case;
let histories: History[];
beforeAll(async () => {
  world = await startWorld();
  const desk = createDesk(world);
  if (processEnvironment().RECORD) await recordAll(desk);
  theCase = await desk.open();
  await theCase.walkTo('the end');
  await theCase.ended();
  histories = await Promise.all(
    [theCase.caseNumber, `${theCase.caseNumber}/loan1`].map((id) => historyOf(world, id)),
  );
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

test('every flow has recorded histories, of every path that is to be recorded', () => {
  const types = recorded().map(
    ({ history }) =>
      history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name,
  );
  expect(new Set(types)).toEqual(new Set(Object.keys(workflows)));
  expect(recorded().map(({ name }) => name)).toEqual(
    recordings.flatMap(({ files }) => Object.keys(files)).sort(),
  );
});

test('every recorded history replays on this build', { timeout: 180_000 }, async () => {
  expect(await brokenReplays(recorded())).toEqual([]);
});

test('a build with two steps swapped by mistake does not replay them', async () => {
  const code = swapped(readFileSync(inject('workflowBundle'), 'utf8'));
  const withVisit = recorded().filter(({ name }) => name.startsWith('in-warranty-repair'));
  const broken = await brokenReplays(withVisit, { code });
  expect(broken).toHaveLength(withVisit.length);
  expect(broken.filter((line) => !line.includes('DeterminismViolationError'))).toEqual([]);
});

/** The loan comes after the visit is arranged, instead of before. */
function swapped(bundle: string): string {
  const steps =
    /( +const stop = await provide\(needed\);\n +if \(stop\) return stop;\n)( +const visit = .*\n)/;
  const wrong = bundle.replace(steps, '$2$1');
  expect(wrong).not.toBe(bundle);
  return wrong;
}

const events = () => histories.flatMap((history) => history.events ?? []);
const text = (data: Uint8Array | null | undefined) => Buffer.from(data ?? []).toString('utf8');

test('each answer is an update under its own name, with who gave it and when', () => {
  const updates = events().flatMap((event) => {
    const request =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? null;
    return request
      ? [{ name: request.name ?? '', body: text(request.args?.payloads?.[0]?.data) }]
      : [];
  });
  expect(updates.length).toBeGreaterThan(15);
  for (const { name, body } of updates) {
    expect(Object.keys(answers)).toContain(name);
    expect(JSON.parse(body)).toMatchObject({
      actor: { id: expect.stringMatching(/^ST-\d+$/), role: expect.any(String) },
      occurredAt: expect.stringMatching(/Z$/),
      actId: expect.any(String),
    });
  }
});

test('each activity, timer and entry in our books says what it is about', () => {
  const labelled = events().filter(
    (event) =>
      event.activityTaskScheduledEventAttributes ||
      event.timerStartedEventAttributes ||
      event.markerRecordedEventAttributes?.markerName === 'core_local_activity',
  );
  expect(labelled.length).toBeGreaterThan(20);
  const silent = labelled.filter((event) => !text(event.userMetadata?.summary?.data));
  expect(silent.map((event) => JSON.stringify(event))).toEqual([]);
});

test('the first event says which case it is, and the last how it ended', async () => {
  for (const [first, last] of histories.map(({ events: all = [] }) => [all?.[0], all?.at(-1)])) {
    expect(text(first?.userMetadata?.summary?.data)).toContain(theCase.caseNumber);
    const result = last?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0];
    expect(JSON.parse(text(result?.data))).toMatchObject({ status: 'closed' });
  }
  const { searchAttributes } = await theCase.handle.describe();
  expect(searchAttributes).toMatchObject({
    AfterloopStatus: ['closed'],
    AfterloopOutcome: ['repaired'],
  });
});

test('nothing personal is in any payload, name, summary or failure of the histories (D9)', async () => {
  const words = await personalWords();
  expect(words.length).toBeGreaterThan(10);
  const everything = histories.map(allTexts).join('\n');
  expect(everything).toContain(theCase.caseNumber);
  expect(words.filter((word) => everything.includes(word))).toEqual([]);
});

/** Every name, phone and free text that the case holds in the database. */
async function personalWords(): Promise<string[]> {
  const { sql } = world;
  const documents = await sql<{ body: unknown }[]>`
    select body from answer_documents where case_number = ${theCase.caseNumber}`;
  const persons = await sql<
    { body: unknown }[]
  >`select jsonb_build_array(name, phone) as body from persons`;
  const faults = await sql<{ body: unknown }[]>`
    select jsonb_build_array(fault_text) as body from cases where case_number = ${theCase.caseNumber}`;
  return [...documents, ...persons, ...faults].flatMap(({ body }) => leaves(body));
}

const leaves = (value: unknown): string[] => {
  if (typeof value === 'string') return value.length > 3 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
};

/** All text of a history, payloads decoded. */
function allTexts(value: unknown): string {
  if (value instanceof Uint8Array) return text(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(allTexts).join('\n');
}
