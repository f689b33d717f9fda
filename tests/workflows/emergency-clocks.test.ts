/** FLOW-EMER over hours: the answer clocks of the four grades ring at their times, and pages that nobody answers go up the ladder (R18–R21). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { severities } from '../../domain/case.ts';
import type { Case } from '../support/workflows/case.ts';
import { createDesk, eventually } from '../support/workflows/desk.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { type SkippingWorld, startSkippingWorld } from '../support/workflows/skipping.ts';

let skipping: SkippingWorld;
beforeEach(async () => {
  skipping = await startSkippingWorld();
});
afterEach(async () => {
  await allIsWell(skipping.world);
  await skipping.world.close();
});

const minuteMs = 60_000;
const linesOf = async (theCase: Case, kind: string) =>
  (await theCase.timeline()).filter((line) => line.kind === kind);

test('each grade is to be answered within its own time; its clock rings before, at and after it', async () => {
  const limits = { critical: 15, high: 60, medium: 120, low: 240 };
  const desk = createDesk(skipping.world);
  const cases = await Promise.all(
    severities.map((severity) => desk.open({ flow: 'emergencyResponse', request: { severity } })),
  );
  for (const theCase of cases) await theCase.answer('answerPage'); // which is no contact with the customer
  for (const time of ['1h', '2h', '4h'] as const) await skipping.pass(time);
  for (const [index, theCase] of cases.entries()) {
    const rung = await eventually(
      async () =>
        (await linesOf(theCase, 'clockRung')).filter((line) => line.subject === 'response'),
      (lines) => lines.length === 3,
    );
    const openedAt = Date.parse((await theCase.row()).openedAt);
    const limit = limits[severities[index] ?? 'low'];
    expect(
      rung.map(({ detail }) => [
        detail.percent,
        (Date.parse(String(detail.rungAt)) - openedAt) / minuteMs,
      ]),
    ).toEqual([75, 100, 150].map((percent) => [percent, (limit * percent) / 100]));
    for (const { detail } of rung) expect(Number(detail.lagMs)).toBeLessThan(minuteMs);
  }
});

test('nobody answers: each on call is paged once a round in turn, each time it wraps the supervisor is told, then the page stands open', async () => {
  const { world } = skipping;
  const theCase = await createDesk(world).open({ flow: 'emergencyResponse' });
  await theCase.task('answerPage');
  for (let quarter = 0; quarter < 4; quarter += 1) await skipping.pass('15m');
  const open = await theCase.task('answerPage-10');
  expect(open).toMatchObject({ assignee: null, context: { paged: null } });
  const told = await world.sql<{ template: string; to: string }[]>`
    select template, coalesce(recipient->>'staffNumber', recipient->>'role') as to from notifications
    where case_number = ${theCase.caseNumber} and template in ('paged', 'pageUnanswered') order by seq`;
  const round = [...['paged ST-34', 'paged ST-03', 'paged ST-33'], 'pageUnanswered supervisor'];
  expect(told.map(({ template, to }) => `${template} ${to}`)).toEqual([
    ...round,
    ...round,
    ...round,
  ]);
  const withdrawn = await linesOf(theCase, 'taskWithdrawn');
  const opened = (await linesOf(theCase, 'taskOpened')).slice(0, 9);
  expect(withdrawn.map((line) => line.subject)).toEqual(opened.map((line) => line.subject));
  for (const [index, line] of withdrawn.entries())
    expect(Date.parse(line.at) - Date.parse(opened[index]?.at ?? '')).toBeGreaterThanOrEqual(
      4 * minuteMs,
    );
  expect(await theCase.view()).toMatchObject({ alertLevel: 3, status: 'triaged' });
  await theCase.answer('answerPage-10');
  await theCase.answer('reportFirstContact');
  const { clocks } = await theCase.view();
  expect(clocks.find(({ name }) => name === 'response')).toMatchObject({ state: 'missed' });
});

test('a page answered in its time stops the ladder, and a first contact in time the answer clock', async () => {
  const { world } = skipping;
  const theCase = await createDesk(world).open({ flow: 'emergencyResponse' });
  await theCase.task('answerPage-1');
  await skipping.pass('5m');
  await theCase.answer('answerPage-2');
  await theCase.answer('reportFirstContact', { way: 'remote' });
  await skipping.pass('1h');
  const paged = await world.sql`select 1 from notifications
    where case_number = ${theCase.caseNumber} and template = 'paged'`;
  expect(paged).toHaveLength(2);
  expect(await theCase.task('reportRemoteFix')).toMatchObject({ assignee: 'ST-03' });
  const rung = await linesOf(theCase, 'clockRung');
  expect(rung.filter((line) => line.subject === 'response')).toEqual([]);
});
