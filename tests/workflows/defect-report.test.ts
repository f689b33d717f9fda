/** FLOW-DEF: a defect is analysed, verified, owned, corrected, and those that it came from hear of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';
import type { Body, Case } from './case.ts';
import { createDesk, type Desk, eventually, expectRefusal } from './desk.ts';
import { allIsWell } from './replay.ts';
import { seen } from './seen.ts';

let world: World;
let desk: Desk;
beforeAll(async () => {
  world = await startWorld();
  desk = createDesk(world);
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

const open = (request: Body = {}) => desk.open({ flow: 'defectReport', request });
const linesOf = async (kase: Case, kind: string) =>
  (await kase.timeline()).filter((line) => line.kind === kind);
const stages = async (kase: Case) =>
  (await linesOf(kase, 'stageEntered')).map(({ subject }) => subject);

test.concurrent('the longest path: analysed, verified, acknowledged, caused, approved, in place; then its effect is watched', async () => {
  const kase = await open();
  await kase.walkTo('the end');
  const view = await kase.ended();
  expect(view).toMatchObject({
    status: 'closed',
    outcome: 'correctiveActionInPlace',
    severity: 'high',
    assignee: 'ST-07',
    facts: {
      owner: 'ST-07',
      grade: 'major',
      rootCause: { causeCode: 'CAP-UNDERRATED', origin: 'design' },
      action: {
        state: 'inPlace',
        actionCode: 'PSU-REV-B',
        treatedSerials: ['NET-SCH-0011', 'NET-SCH-0012'],
      },
      effectCheck: { state: 'waiting' },
    },
  });
  expect(await stages(kase)).toEqual([
    'analysing',
    'verifyingDefect',
    'acknowledging',
    'findingRootCause',
    'proposingAction',
    'approvingAction',
    'implementing',
    'informing',
    'filing',
  ]);
  expect(await seen(world, kase.caseNumber)).toMatchObject({
    articles: 1,
    archived: true,
    messages: ['defectReported', 'defectFindings'],
  });
  const check = world.client.workflow.getHandle(`${kase.caseNumber}/effectCheck1`);
  expect((await check.describe()).status.name).toBe('RUNNING');
  await eventually(
    () => linesOf(kase, 'effectCheckPlanned'),
    (lines) => lines.length === 1,
  );
});
