/** A flow is changed while cases are open (docs/changing-flows.md): each step of a change, on a real server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Case } from './case.ts';
import { asked, type Changing, createChanging } from './changing.ts';

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
