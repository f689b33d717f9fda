/** A flow is changed while cases are open (docs/changing-flows.md): each step of a change, on a real server. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Case } from '../support/workflows/case.ts';
import { asked, type Changing, createChanging } from '../support/workflows/changing.ts';
import { eventually } from '../support/workflows/desk.ts';

let builds: Changing;
beforeAll(async () => {
  builds = await createChanging();
});
afterAll(async () => {
  await builds.world.close();
});

const first = 'writeServiceRecord-1';
const photo = 'decideRefusedSignature-1';
const second = 'decideFurtherService-1';
const last = 'recordCallback-1';
const oldWay = [first, second, last];
const newWay = [first, photo, second, last];

async function openedAt(...answered: string[]): Promise<Case> {
  const theCase = await builds.desk.open();
  for (const task of answered) await theCase.answer(task);
  return theCase;
}

async function toTheEnd(theCase: Case): Promise<string[]> {
  await theCase.walkTo('the end');
  await theCase.ended();
  return asked(theCase);
}

const standsAt = async (theCase: Case) => (await theCase.row()).openTasks.map(({ id }) => id);
const historyOf = (theCase: Case, runId?: string) =>
  builds.world.client.workflow.getHandle(theCase.caseNumber, runId).fetchHistory();

test('a case behind the place stands where it stood when its next run begins on the new build', async () => {
  await builds.deploy('old');
  const theCase = await openedAt(first);
  await builds.grow(theCase);
  await builds.world.workers.stop();
  await builds.beginRunAnew(theCase);
  await builds.deploy('changed');
  await theCase.act('note', { reason: 'Called.' });
  expect(await standsAt(theCase)).toEqual([second]);
  expect(await toTheEnd(theCase)).toEqual(oldWay);
});

test('a case behind the place stands where it stood when the new build continues its run, and once more', async () => {
  await builds.deploy('old');
  const theCase = await openedAt(first);
  await builds.deploy('changed');
  await builds.grow(theCase);
  await builds.grow(theCase);
  expect(await standsAt(theCase)).toEqual([second]);
  expect(await toTheEnd(theCase)).toEqual(oldWay);
});

test('a case that the old build continued behind the place stands where it stood, twice', async () => {
  await builds.deploy('old');
  const theCase = await openedAt(first);
  await builds.grow(theCase);
  await builds.deploy('changed');
  await builds.grow(theCase);
  await builds.grow(theCase);
  expect(await toTheEnd(theCase)).toEqual(oldWay);
});

test('a case before the place takes the new step, also when the old build continued it', async () => {
  await builds.deploy('old');
  const [plain, continued] = [await openedAt(), await openedAt()];
  await builds.grow(continued);
  await builds.deploy('changed');
  expect(await toTheEnd(plain)).toEqual(newWay);
  expect(await toTheEnd(continued)).toEqual(newWay);
});

test('a new case takes the new step once, and stands behind it in its next runs', async () => {
  await builds.deploy('changed');
  const theCase = await openedAt(first, photo);
  await builds.grow(theCase);
  await builds.grow(theCase);
  expect(await standsAt(theCase)).toEqual([second]);
  expect(await toTheEnd(theCase)).toEqual(newWay);
});

test('an answer that meets the first task of a next run ends its task', async () => {
  await builds.deploy('changed');
  const theCase = await openedAt(first, photo);
  await builds.grow(theCase);
  await builds.world.workers.stop();
  await builds.beginRunAnew(theCase);
  const answered = theCase.answer(second);
  await builds.deploy('changed');
  await answered;
  await theCase.task(last);
  expect(await standsAt(theCase)).toEqual([last]);
  expect(await toTheEnd(theCase)).toEqual(newWay);
});

/** Three acts of a change, and the case that went through each. */
test('a history of the new way replays until the change is gone, and is refused before and after', async () => {
  await builds.deploy('changed');
  const theCase = await openedAt();
  await toTheEnd(theCase);
  const history = await historyOf(theCase);
  expect(await builds.refusal('old', history)).toContain('photo');
  expect(await builds.refusal('changed', history)).toBeUndefined();
  expect(await builds.refusal('forGood', history)).toBeUndefined();
  expect(await builds.refusal('gone', history)).toContain('photo');
});

test('a next run of it, and a case begun once the change is for good, replay when it is gone', async () => {
  await builds.deploy('changed');
  const continued = await openedAt(first, photo);
  await builds.grow(continued);
  await toTheEnd(continued);
  await builds.deploy('forGood');
  const begun = await openedAt();
  await toTheEnd(begun);
  for (const history of [await historyOf(continued), await historyOf(begun)]) {
    expect(await builds.refusal('forGood', history)).toBeUndefined();
    expect(await builds.refusal('gone', history)).toBeUndefined();
  }
});

test('a run begun before the change was for good is refused when it is gone', async () => {
  await builds.deploy('changed');
  const theCase = await openedAt(first, photo);
  await builds.deploy('forGood');
  await toTheEnd(theCase);
  const history = await historyOf(theCase);
  expect(await builds.refusal('forGood', history)).toBeUndefined();
  expect(await builds.refusal('gone', history)).toContain('photo');
});

test('a history of the old way is refused once the change is for good, but not while the case stands there', async () => {
  await builds.deploy('old');
  const theCase = await openedAt(first);
  const standing = await historyOf(theCase);
  expect(await builds.refusal('forGood', standing)).toBeUndefined();
  await toTheEnd(theCase);
  const history = await historyOf(theCase);
  expect(await builds.refusal('changed', history)).toBeUndefined();
  expect(await builds.refusal('forGood', history)).toBeDefined();
});

/** Stands at the second task, which the build of now does not know. */
async function lost(): Promise<Case> {
  await builds.deploy('changed');
  const theCase = await openedAt(first, photo);
  await builds.grow(theCase);
  await builds.world.workers.stop();
  await builds.beginRunAnew(theCase);
  await builds.deploy('mistaken');
  await theCase.task('resolveFailure');
  return theCase;
}

test('a case whose place a build has lost asks a supervisor, does nothing twice, and goes on on a mended build', async () => {
  const theCase = await lost();
  const { context } = await theCase.task('resolveFailure-1');
  expect(context).toEqual({ effect: 'walk', failure: 'placeLost', decisions: ['tryAgain'] });
  await theCase.answer('resolveFailure-1', { decision: 'tryAgain' });
  await theCase.task('resolveFailure-2');
  await builds.deploy('changed');
  await theCase.answer('resolveFailure-2', { decision: 'tryAgain' });
  await theCase.once(({ openTasks }) => openTasks.every(({ id }) => id === second));
  const tasks = await toTheEnd(theCase);
  expect(tasks.filter((id) => !id.startsWith('resolveFailure'))).toEqual(newWay);
});

test('a case whose place a build has lost can be canceled there', async () => {
  const theCase = await lost();
  await theCase.act('cancel', { reason: 'The machine was sold.' });
  expect(await theCase.ended()).toMatchObject({ status: 'canceled' });
});

const guide = readFileSync(new URL('../../docs/changing-flows.md', import.meta.url), 'utf8');
/** What stands in the guide, of our change and our moment. */
const said = (part: RegExp, at: Date) =>
  (part.exec(guide)?.[1] ?? '')
    .replaceAll('safety-photo', 'photo')
    .replace(/20\d\d-\d\d-\d\d[ T]09:00:00(\+00|Z)/, at.toISOString());

test('the SELECT names the open cases that may go the old way, and no other', async () => {
  await builds.deploy('old');
  const [behind, before] = [await openedAt(first), await openedAt()];
  const live = new Date();
  await builds.deploy('changed');
  const fresh = await openedAt(first);
  const select = said(/```sql\n([^`]+)```/, live);
  const open = () => builds.world.sql.unsafe<{ case_number: string }[]>(select);
  const numbers = async () => (await open()).map((row) => row.case_number);
  expect(await numbers()).toEqual([behind.caseNumber, before.caseNumber]);
  await before.answer(first);
  await behind.act('note', { reason: 'Called.' });
  expect(await open()).toEqual([
    { case_number: behind.caseNumber, stage: '', takes_new_way: false },
  ]);
  await toTheEnd(behind);
  expect(await numbers()).toEqual([]);
  for (const theCase of [before, fresh]) await toTheEnd(theCase);
});

test('the engine names the runs that began before the change was for good', async () => {
  await builds.deploy('changed');
  const theCase = await openedAt(first);
  const live = new Date();
  await builds.deploy('forGood');
  const query = said(/workflow list [^']+'([^']+)'/, live);
  const runs = async () => {
    const found: string[] = [];
    for await (const { workflowId } of builds.world.client.workflow.list({ query }))
      found.push(workflowId);
    return found;
  };
  await eventually(runs, (found) => found.join() === theCase.caseNumber);
  await builds.grow(theCase);
  await eventually(runs, (found) => found.length === 0);
  await toTheEnd(theCase);
});
