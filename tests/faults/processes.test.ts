/** One process at a time is killed, paused or cut off while cases walk. The others are never started again by hand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createStores } from '../../db/index.ts';
import { openCase } from '../../services/intake/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { noEngine } from '../api/door.ts';
import { createChance } from '../support/chance.ts';
import { createProduct, type Product, victims } from '../support/product.ts';
import { createWalker, type Walker } from '../support/walker.ts';
import { checkRun } from './checkers.ts';

const chance = createChance('processes');
let product: Product;
let walker: Walker;
beforeAll(async () => {
  product = await createProduct();
  walker = createWalker({ base: product.base, patienceMs: 180_000 });
  product.start();
  await product.started();
});
afterAll(() => product.end());

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

/** Three at once, each opening another case until enough has happened. */
async function walkWhile(enough: () => boolean, faults: () => Promise<void>): Promise<void> {
  const walkOn = async () => {
    do await walkOne();
    while (!enough());
  };
  await Promise.all([walkOn(), walkOn(), walkOn(), faults()]);
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
  await walkWhile(() => kills >= wanted, killing);
  await product.settled();
  expect(kills).toBe(wanted);
});

test('PostgreSQL is killed, and its sessions are ended again and again: 503 with Retry-After, and back without a restart', async () => {
  const before = await pids(['api', 'worker']);
  let done = false;
  const faults = async () => {
    await delay(1500);
    await product.kill('postgres');
    expect(await firstRefusal('/v1/cases')).toMatchObject({ status: 503, retryAfter: '2' });
    await expect.poll(() => statusOf('/v1/cases'), { timeout: 60_000 }).toBe(200);
    for (let round = 0; round < 40; round++) {
      await endSessions().catch(() => undefined); // its own session is ended too
      await delay(100);
    }
    done = true;
  };
  await walkWhile(() => done, faults);
  expect(await pids(['api', 'worker'])).toEqual(before);
});

test('the Temporal server hangs, and is killed: 503 and never a false 2xx, and back without a restart', async () => {
  const before = await pids(['api', 'worker']);
  let done = false;
  const faults = async () => {
    await delay(1500);
    await openWhileItHangs((await product.pid('temporal')) ?? 0);
    await product.kill('temporal');
    const refused = await firstRefusal('/readyz');
    expect(refused).toMatchObject({ status: 503, retryAfter: '2' });
    done = true;
  };
  await walkWhile(() => done, faults);
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
    await walkWhile(() => pauses >= 2, faults);
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
