/** For every effect on our own books the worker is killed between the statement and the word that it was done. Then somebody answers
 *  otherwise, or the case is canceled: nothing is left over, and no case stands still. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { type DyingWorker, startDyingWorker } from '../support/faults/dying.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { createWalker, type WalkedCase, type WalkedTask, type Walker } from '../support/walker.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let door: Awaited<ReturnType<typeof listenFor>>;
let walker: Walker;
beforeAll(async () => {
  world = await startWorld({ workers: false });
  door = await listenFor(world);
  walker = createWalker({ base: door.base, patienceMs: 300_000 });
});
afterAll(async () => {
  await door.close();
  await world.close();
});

interface Victim {
  effect: string;
  flow: string;
  /** The task at which the case is canceled: the effect is an undo. */
  cancelAt?: string;
  /** Changes to the examples, by task. */
  way?: Record<string, object>;
  /** What comes after the kill. */
  afterwards: 'answered otherwise' | 'canceled';
}

/** Undos come by a cancel, at a task where there is something to take back. */
const undos = [
  { effect: 'withdrawWarrantyClaim', flow: 'inWarrantyRepair', cancelAt: 'signServiceRecord' },
  { effect: 'cancel', flow: 'inWarrantyRepair', cancelAt: 'confirmDeparture' },
  { effect: 'withdrawQuotes', flow: 'outOfWarrantyRepair', cancelAt: 'recordQuoteAnswer' },
  { effect: 'release', flow: 'outOfWarrantyRepair', cancelAt: 'recordQuoteAnswer' },
  { effect: 'voidInvoice', flow: 'outOfWarrantyRepair', cancelAt: 'signServiceRecord' },
  { effect: 'refund', flow: 'outOfWarrantyRepair', cancelAt: 'signServiceRecord' },
  { effect: 'takeBackSold', flow: 'outOfWarrantyRepair', cancelAt: 'confirmDeparture' },
];

const offTheWay = [
  {
    ...{ effect: 'receiveOldParts', flow: 'inWarrantyRepair' },
    way: { reportPhoneTriage: { guideByPhone: false } },
  },
];

/** No case of these walks comes past them: what an action decides, what no store has, what is due days later, and reads. */
const elsewhere = [
  ...['writeOffLoan', 'extendLoan', 'reassign', 'receive'],
  ...['checkEffect', 'startCycle', 'effectCheckOf', 'endOf'],
];

const ownBooks = (): string[] => {
  const { records, billing, defects, cases, parts, dispatch } = world.deps;
  return [records, billing, defects, cases, parts, dispatch].flatMap((own) => Object.keys(own));
};

/** Which flow's example comes past which effect: walked once each. */
async function learn(): Promise<Map<string, string>> {
  const dying = await startDyingWorker(world);
  const found = new Map<string, string>();
  const walks = flows.map(async ({ name: flow }) => {
    const { caseNumber } = await walker.finish(await walker.open({ flow }));
    for (const effect of dying.effectsOf(caseNumber)) found.set(effect, flow);
  });
  await Promise.all(walks).finally(dying.kill);
  return found;
}

interface Struck extends Victim {
  caseNumber: string;
  /** The last task that was answered before the effect. */
  last: WalkedTask | null;
}

const cancel = async ({ caseNumber }: { caseNumber: string }) => {
  const path = `/v1/cases/${caseNumber}/actions/cancel`;
  const { status } = await walker.call(
    'POST',
    path,
    'supervisor',
    { reason: 'sold' },
    randomUUID(),
  );
  expect([200, 409]).toContain(status);
  return status === 200;
};

/** Answers by the examples until the effect is done and the worker holds its answer back. */
async function walkInto(dying: DyingWorker, victim: Victim): Promise<Struck> {
  const { flow, effect, cancelAt, way = {} } = victim;
  let found: WalkedCase = await walker.open({ flow, beside: randomUUID() });
  const { caseNumber } = found;
  await dying.arm(caseNumber, effect);
  let last: WalkedTask | null = null;
  for (let isCanceled = false; !dying.isStruck(caseNumber, effect); ) {
    const [next] = isCanceled ? [] : found.openTasks;
    if (next && next.name === cancelAt) isCanceled = await cancel(found);
    else if (next) {
      const task = changed(next, way[next.name]);
      if (await walker.answer(caseNumber, task)) last = task;
    } else await delay(100);
    found = await walker.read(caseNumber);
  }
  return { ...victim, caseNumber, last };
}

function changed(task: WalkedTask, changes: object = {}): WalkedTask {
  const [example] = task.answerSchema.examples;
  return { ...task, answerSchema: { examples: [{ ...example, ...changes }] } };
}

/** Other minutes, another sum: whatever counts is one more. */
const otherwise = (example: Record<string, unknown> = {}) =>
  Object.fromEntries(
    Object.entries(example).map(([name, value]) => [
      name,
      typeof value === 'number' ? value + 1 : value,
    ]),
  );

/** What was answered stays answered; the case goes on to its end all the same. */
async function answerOtherwise({ caseNumber, last }: Struck): Promise<string> {
  if (last) {
    const path = `/v1/cases/${caseNumber}/tasks/${last.id}`;
    const body = otherwise(last.answerSchema.examples[0]);
    const again = await walker.call('POST', path, last.role, body, randomUUID());
    expect(again.status).toBe(409);
  }
  return (await walker.finish(await walker.read(caseNumber))).status;
}

/** Canceled, or past the point where it can be: then it goes on to its end. */
async function cancelOrFinish(struck: Struck): Promise<string> {
  const isCanceled = await cancel(struck);
  const { status } = await walker.finish(await walker.read(struck.caseNumber));
  return isCanceled && status === 'canceled' ? 'closed' : status;
}

/** Both ways out of each: undos are reached by a cancel, so only the first is left of them. */
function victimsOf(walked: Map<string, string>): Victim[] {
  const plain = [...walked].map(([effect, flow]) => ({ effect, flow }));
  const own = ownBooks();
  const reached = [...plain.filter(({ effect }) => own.includes(effect)), ...offTheWay];
  return [
    ...[...undos, ...reached].map((one) => ({ ...one, afterwards: 'answered otherwise' as const })),
    ...reached.map((one) => ({ ...one, afterwards: 'canceled' as const })),
  ];
}

/** A few at a time: a worker that has lost all it knew walks through the history of each. */
const atOnce = 8;

/** Does the effects of a few cases, is killed, and another one takes over; how each case ended. */
async function killWithin(victims: Victim[]): Promise<string[]> {
  const dying = await startDyingWorker(world);
  const struck = await Promise.all(victims.map((victim) => walkInto(dying, victim))).finally(
    dying.kill,
  );
  await world.workers.start();
  const ends = await Promise.all(
    struck.map(async (one) => {
      const end = one.afterwards === 'canceled' ? cancelOrFinish : answerOtherwise;
      return `${one.effect}, ${one.afterwards}: ${await end(one)}`;
    }),
  );
  await world.workers.stop();
  return ends;
}

test('whatever effect the worker dies of, it is done once or taken back, and the case ends', async () => {
  const victims = victimsOf(await learn());
  const tried = new Set(victims.map(({ effect }) => effect));
  const rest = ownBooks().filter((effect) => !tried.has(effect));
  expect(rest.sort()).toEqual(elsewhere.sort());

  for (let from = 0; from < victims.length; from += atOnce) {
    const some = victims.slice(from, from + atOnce);
    expect(await killWithin(some)).toEqual(
      some.map(
        (one) => `${one.effect}, ${one.afterwards}: ${one.cancelAt ? 'canceled' : 'closed'}`,
      ),
    );
  }
  const figures = `${tried.size} effects, ${victims.length} cases`;
  process.stdout.write(`killed between statement and word: ${figures}\n`);
  await world.workers.start();
  expect(await checkRun({ ...world, calls: walker.calls })).toEqual([]);
});
