/** One process at a time is killed, paused or cut off while cases walk and their messages leave. The others are never started again
 *  by hand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCase } from '../../services/cases/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { createStores } from '../../services/stores.ts';
import { webhookEvents } from '../../services/webhooks/index.ts';
import { noEngine } from '../support/api/door.ts';
import { createChance } from '../support/chance.ts';
import { arrivalLines, askedOf, judgeArrivals } from '../support/faults/arrivals.ts';
import { checkRun } from '../support/faults/checkers.ts';
import { createProduct, type Product, victims } from '../support/product.ts';
import { startRudeSinks } from '../support/rude-sinks.ts';
import { createWalker, type Walker } from '../support/walker.ts';

const chance = createChance('processes');
let product: Product;
let walker: Walker;
let sinks: Awaited<ReturnType<typeof startRudeSinks>>;
beforeAll(async () => {
  sinks = await startRudeSinks(chance);
  product = await createProduct(sinks.environment);
  walker = createWalker({ base: product.base, patienceMs: 180_000 });
  product.start();
  await product.started();
  await product.sql()`
    update persons set mail = lower(staff_number) || '@company.example' from staff where staff.person_id = persons.person_id`;
  const hook = { url: sinks.hook, events: webhookEvents };
  const { body } = await walker.call('POST', '/v1/webhooks', 'admin', hook);
  sinks.subscribed((body as { secret: string }).secret);
});
afterAll(async () => {
  await product.end();
  await sinks.close();
});

afterEach(async () => {
  const [sql, client] = [product.sql(), await product.client()];
  expect(await checkRun({ sql, client, calls: walker.calls })).toEqual([]);
});

let opened = 0;
async function walkOne(): Promise<void> {
  opened += 1;
  const found = await walker.open({ beside: `walk ${opened}` });
  expect((await walker.finish(found)).status).toBe('closed');
}

/** Three at once, each opening another case until the faults are over. */
async function walkWhile(faults: () => Promise<void>): Promise<void> {
  let over = false;
  const walkOn = async () => {
    do await walkOne();
    while (!over);
  };
  const ended = faults().finally(() => {
    over = true;
  });
  await Promise.all([walkOn(), walkOn(), walkOn(), ended]);
}

test('one process after another is killed at random while three cases walk', async () => {
  const wanted = 10;
  let kills = 0;
  const killing = async () => {
    while (kills < wanted) {
      await delay(500 + chance.next() * 3000);
      const victim = chance.pick(victims);
      if (!(await product.kill(victim))) continue;
      kills += 1;
      if (victim === 'start') await product.startAgain();
    }
  };
  await walkWhile(killing);
  await product.settled();
  expect(kills).toBe(wanted);
});

test('PostgreSQL is killed, and its sessions are ended again and again: 503 with Retry-After, and back without a restart', async () => {
  const before = await pids(['api', 'worker']);
  const faults = async () => {
    await delay(1500);
    expect(await refusalWithout('postgres', '/v1/cases')).toEqual(unavailable);
    await expect.poll(() => statusOf('/v1/cases'), { timeout: 60_000 }).toBe(200);
    for (let round = 0; round < 40; round++) {
      await endSessions().catch(() => undefined); // its own session is ended too
      await delay(100);
    }
  };
  await walkWhile(faults);
  expect(await pids(['api', 'worker'])).toEqual(before);
});

test('the Temporal server hangs, and is killed: 503 and never a false 2xx, and back without a restart', async () => {
  const before = await pids(['api', 'worker']);
  const faults = async () => {
    await delay(1500);
    await openWhileItHangs((await product.pid('temporal')) ?? 0);
    expect(await refusalWithout('temporal', '/readyz')).toEqual(unavailable);
  };
  await walkWhile(faults);
  expect(await pids(['api', 'worker'])).toEqual(before);
});

test('a worker is paused for longer than its attempts may take, and another goes on in its place', async () => {
  const second = anotherWorker();
  let pauses = 0;
  const faults = async () => {
    for (const worker of [await product.pid('worker'), second.pid]) {
      await delay(2000 + chance.next() * 1000);
      if (worker) process.kill(worker, 'SIGSTOP');
      await delay(15_000);
      if (worker) process.kill(worker, 'SIGCONT');
      pauses += 1;
    }
  };
  try {
    await walkWhile(faults);
  } finally {
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
  expect(pauses).toBe(2);
});

test('a row whose workflow was never started, as a killed API leaves it, is started within 5 s', async () => {
  const sent = await orphan();
  await expect
    .poll(async () => (await walker.read(sent.caseNumber)).openTasks.length, { timeout: 5000 })
    .toBeGreaterThan(0);
  const again = await walker.call('POST', '/v1/cases', 'hotline', sent.body, sent.key);
  expect(again).toMatchObject({ status: 200, body: { caseNumber: sent.caseNumber } });
  await walker.finish(await walker.read(sent.caseNumber));
});

test('each message of these walks has arrived: once by its key, in the order of its case, signed', async () => {
  sinks.calm();
  const asked = () => askedOf(product.sql());
  const isSettled = async () => (await asked()).every(({ status }) => status !== 'pending');
  await expect.poll(isSettled, { timeout: 600_000, interval: 1000 }).toBe(true);
  process.stdout.write(`${arrivalLines(sinks.arrivals).join('\n')}\n`);
  expect(judgeArrivals(await asked(), sinks.arrivals)).toEqual([]);
  expect(new Set(sinks.arrivals.map(({ way }) => way)).size).toBe(3);
});

/** The door can't know whether the engine took it: 503, and the same call with its key finds out. */
async function openWhileItHangs(temporal: number): Promise<void> {
  const body = { ...firstBody(), allowDuplicate: { reason: 'while the engine hangs' } };
  process.kill(temporal, 'SIGSTOP');
  const refused = await fetch(`${product.base}/v1/cases`, {
    method: 'POST',
    headers: { ...asHotline, 'content-type': 'application/json', 'idempotency-key': 'hanging' },
    body: JSON.stringify(body),
  });
  process.kill(temporal, 'SIGCONT');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('2');
  const { status } = await walker.call('POST', '/v1/cases', 'hotline', body, 'hanging');
  expect(status).toBe(200);
}

const firstBody = () => walker.calls.find(({ path }) => path === '/v1/cases')?.body as object;
const asHotline = { authorization: 'Bearer demo-hotline' };

/** Opens a case as far as its row; what it was asked by, so that a client can repeat it. */
async function orphan() {
  const sql = product.sql();
  const stores = createStores(sql);
  const request = firstBody() as Parameters<typeof openCase>[1]['request'];
  const [hotline] = await stores.directory.staffInRole('hotline');
  const id = hotline?.staffNumber ?? '';
  const deps = {
    ...stores,
    parts: createParts(sql),
    starter: noEngine,
    now: () => new Date().toISOString(),
  };
  const key = 'orphan';
  const actor = { id, role: 'hotline' as const };
  const opening = { flow: 'inWarrantyRepair', because: [], source: null };
  const intake = { ...opening, scope: `cases/${id}`, key, actor, request };
  await expect(openCase(deps, intake)).rejects.toThrow();
  const [row] = await sql<{ number: string }[]>`
    select case_number as number from cases where idempotency_key = ${key} and started_at is null`;
  return { caseNumber: row?.number ?? '', key, body: request as object };
}

const pids = (names: ('api' | 'worker')[]) => Promise.all(names.map(product.pid));

const ask = (path: string) =>
  fetch(product.base + path, {
    headers: asHotline,
    signal: AbortSignal.timeout(30_000),
  });
const statusOf = (path: string) => ask(path).then(({ status }) => status);

const unavailable = { status: 503, retryAfter: '2' };

/** Kills it, and lets it be brought back once a call was refused: however slow the machine, or fast the restart. */
async function refusalWithout(victim: 'postgres' | 'temporal', path: string) {
  const starter = (await product.pid('start')) ?? 0;
  process.kill(starter, 'SIGSTOP');
  try {
    await product.kill(victim);
    return await firstRefusal(path);
  } finally {
    process.kill(starter, 'SIGCONT');
  }
}

/** Asks until the answer is not 200; any other failure than an answer is one. */
async function firstRefusal(path: string) {
  for (;;) {
    const { status, headers } = await ask(path);
    if (status !== 200) return { status, retryAfter: headers.get('retry-after') };
  }
}

const endSessions = () => product.sql()`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

function anotherWorker(): ChildProcess {
  const script = join(import.meta.dirname, '../../worker/main.ts');
  return spawn(process.execPath, [script], { env: product.environment, stdio: 'ignore' });
}
