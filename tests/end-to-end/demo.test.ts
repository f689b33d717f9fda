/** The demo, played against a world without a pause; what breaks in it is the world's workers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll } from '../../checks/index.ts';
import { createApi } from '../../demo/api.ts';
import { playAll } from '../../demo/program.ts';
import { flows } from '../../domain/catalogue.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { listenFor } from '../support/faults/world-walk.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let door: Awaited<ReturnType<typeof listenFor>>;
beforeAll(async () => {
  world = await startWorld();
  door = await listenFor(world);
});
afterAll(async () => {
  await door.close();
  await world.close();
});

const said: string[] = [];
const lineWith = (words: string) => said.find((line) => line.includes(words)) ?? '';

test('three told cases and one of each other flow are played to their ends, although the workers end in between', async () => {
  let broken = 0;
  const played = await playAll({
    api: createApi(door.base),
    say: (line) => void said.push(line),
    tell: (who, what) => void said.push(`${who ?? ''}: ${what}`),
    pause: async () => {},
    async breakSomething() {
      broken += 1;
      await world.workers.stop();
      await world.workers.start();
    },
  });
  expect(broken).toBe(1);
  expect(new Set(played.map(({ ended }) => ended.flow))).toEqual(
    new Set(flows.map(({ name }) => name)),
  );
  expect(played.map(({ ended }) => ended.status)).toEqual(played.map(() => 'closed'));
  expect(played.slice(0, 3).map(({ ended }) => ended.outcome)).toEqual([
    'restoredRemotely',
    'repaired',
    'restoredRemotely',
  ]);
});

test('what an inspection found comes up as cases of its own', () => {
  const came = said.filter((line) => /from it came C-\d+/.test(line));
  expect(came.map((line) => line.split(': ').at(-1))).toEqual(['inWarrantyRepair', 'defectReport']);
});

test('the outage is paged on within its shortened times, and told step by step', async () => {
  expect(lineWith('does not answer; after four minutes')).toMatch(/^ST-34: /);
  expect(lineWith('the system is back within 15 minutes')).toMatch(/^support: /);
  expect(lineWith('C-000001 is closed')).toMatch(/; response (met|missed); restore met/);
  const [{ plan } = { plan: {} }] =
    await world.sql`select plan from cases where case_number = 'C-000001'`;
  expect(plan).toMatchObject({
    policy: { name: 'demoItProduct' },
    clocks: [{ name: 'response', targetMs: 8_000 }, {}, {}, {}], // 15 minutes
    retentionMs: 1_095 * 86_400_000,
  });
  expect(lineWith('Praise')).toBe(''); // free text is for the database, what is said is the story's
});

test('customers get their messages in their language, each told once', () => {
  const messages = said.filter((line) => line.includes('✉'));
  expect(messages.length).toBeGreaterThan(10);
  expect(lineWith('您对 AC35-302819 的报修已受理登记')).toContain('He Xiaoyan');
  expect(lineWith('your request C-000001 for SRV-DC-0601 has been accepted')).toContain(
    'Tan Wei Ming',
  );
  expect(new Set(messages).size).toBe(messages.length);
});

test('it ends with a link to each history', () => {
  const links = said
    .slice(said.indexOf('\nTheir histories:') + 1)
    .filter((line) => line.includes('http'));
  expect(links).toHaveLength(2 + flows.length - 1);
  expect(links.every((line) => /\/workflows\/C-\d{6}\//.test(line))).toBe(true);
});

test('as it is typed, it tells each step with its time, and ends well', async () => {
  const { status, out } = await demo(door.base, '--fast');
  expect(status).toBe(0);
  expect(out).toMatch(/^\d\d:\d\d:\d\d {2}quality {5}Review the emergency: /m);
  expect(out).toContain('One case of product defect report: correctiveActionInPlace');
});

test('where nothing answers it says what to start', async () => {
  const nowhere = `http://127.0.0.1:${await anyFreePort()}`;
  expect(await demo(nowhere)).toMatchObject({
    status: 1,
    err: `The demo needs Afterloop (npm start): ${nowhere} is not reachable (ECONNREFUSED).\n`,
  });
  const { err } = await demo('http://127.0.0.1:1');
  expect(err).toContain('a port that HTTP clients refuse to call');
});

test('a stranger is told apart in one line, and gets no token', async () => {
  const tokens: unknown[] = [];
  const stranger = createServer(({ headers }, response) => {
    tokens.push(headers.authorization);
    response.end('{"ready":true,"items":[]}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const { status, err } = await demo(base);
  stranger.close();
  expect({ status, err }).toEqual({
    status: 1,
    err: `The demo needs Afterloop (npm start): what answers at ${base} is not Afterloop.\n`,
  });
  expect(tokens).toEqual([undefined]);
});

async function demo(...args: string[]) {
  const script = join(import.meta.dirname, '../../demo/main.ts');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, out, err };
}

test('no invariant is broken', async () => {
  expect(await checkAll(world.sql)).toEqual([]);
});
