import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { deliveryFigures, figureLines } from '../../services/delivery/figures.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createChance } from '../support/chance.ts';
import { databaseOfThisFile, messageOf, openedCase } from '../support/fixtures.ts';
import { eventually, type HttpSink, startHttpSink } from '../support/sinks.ts';

const database = databaseOfThisFile();
const chance = createChance('killed deliveries');
let gateway: HttpSink;
let workers: ChildProcess[] = [];

beforeAll(async () => {
  gateway = await startHttpSink();
  // taken at once, answered late: a kill in between leaves a message that went out and is not settled
  gateway.reply = () => ({
    status: chance.happens(0.1) ? 503 : 200,
    afterMs: Math.floor(chance.next() * 200),
  });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await gateway.close();
});

async function startWorker(): Promise<ChildProcess> {
  const program = join(import.meta.dirname, '../support/services/delivery-process.ts');
  const worker = spawn(process.execPath, [program, database.url, gateway.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  await once(worker.stdout ?? worker, 'data');
  return worker;
}

async function killOne(): Promise<void> {
  const worker = chance.pick(workers);
  workers = workers.filter((other) => other !== worker);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

const cases = 12;
const each = 10;

test('two delivery workers are killed again and again: each message goes out, in order per case, taken once per key', async () => {
  const contact = { name: 'Li Wei', phone: '+86 139 0000 1001' };
  const numbers = await Promise.all(
    Array.from({ length: cases }, () => openedCase(database.stores, { contact })),
  );
  const service = createNotification(database.sql, { sms: true, mail: false, links: null });
  const send = (caseNumber: string, sequence: number) =>
    service.effects.send(messageOf(caseNumber, sequence));
  const asking = (async () => {
    for (let sequence = 1; sequence <= each; sequence += 1)
      for (const caseNumber of numbers) {
        await send(caseNumber, sequence);
        if (chance.happens(0.2)) await send(caseNumber, sequence); // its reply was lost
      }
  })();
  await Promise.all([startWorker(), startWorker()]);
  for (let kills = 0; kills < 6; kills += 1) {
    await delay(150 + chance.next() * 250);
    await killOne();
    await startWorker();
  }
  await asking;
  const pending = async () => {
    const [row] =
      await database.sql`select count(*) as n from notifications where status = 'pending'`;
    return row?.n;
  };
  await eventually('all sent', async () => (await pending()) === 0, 40_000);
  judge(numbers);
  expect(await checkers.I6(database.sql)).toEqual([]);
  expect(await checkers.I7(database.sql)).toEqual([]);
  const figures = await deliveryFigures(database.sql);
  process.stdout.write(`${figureLines(figures).join('\n')}\n`);
  const [sms] = figures.filter(({ channel }) => channel === 'sms');
  expect(sms).toMatchObject({ accepted: cases * each, sent: cases * each, pending: 0, failed: 0 });
  expect(sms?.asked).toBe((sms?.accepted ?? 0) + (sms?.deduplicated ?? 0));
  expect(sms?.deduplicated).toBeGreaterThan(0);
  expect(sms?.unknown).toBeGreaterThan(0);
});

/** By what the gateway saw: every key, first seen in the order of its case; seen again only by whoever tried it again. */
function judge(numbers: string[]): void {
  const keys = gateway.arrived.map(({ headers }) => String(headers['idempotency-key']));
  for (const caseNumber of numbers) {
    const own = [...new Set(keys.filter((key) => key.startsWith(`${caseNumber}/`)))];
    const inOrder = Array.from({ length: each }, (_, n) => `${caseNumber}/1/message/${n + 1}`);
    expect(own).toEqual(inOrder);
  }
}
