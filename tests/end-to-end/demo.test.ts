/** The demo, played against a world without a pause; what breaks in it is the world's workers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll } from '../../db/checkers.ts';
import { createApi } from '../../demo/api.ts';
import { playAll } from '../../demo/program.ts';
import { flows } from '../../domain/catalogue.ts';
import { listenFor } from '../faults/world-walk.ts';
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

test('the outage is paged on, restored within its shortened time, and told step by step', () => {
  expect(lineWith('does not answer; after four minutes')).toMatch(/^ST-34: /);
  expect(lineWith('the system is back within 15 minutes')).toMatch(/^support: /);
  expect(lineWith('C-000001 is closed')).toContain('response met');
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

test('no invariant is broken', async () => {
  expect(await checkAll(world.sql)).toEqual([]);
});
