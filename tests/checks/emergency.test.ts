import { expect, test } from 'vitest';
import { checkers } from '../../checks/index.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { progress, task } from '../support/fixtures.ts';
import { livedIn } from '../support/lived-in.ts';

// As in checkers.test.ts: each test does what no guard would let through, and the checker must say so.

type Lived = Awaited<ReturnType<typeof livedIn>>;
const page = (id: string, paged: string) =>
  task(id, { role: 'support', assignee: paged, context: { paged, round: 1, severity: 'high' } });
const sendPage = ({ sql, caseNumber }: Lived, sequence: number, staffNumber: string) =>
  createNotification(sql).effects.send({
    effectKey: `${caseNumber}/1/message/${sequence}`,
    caseNumber,
    sequence,
    template: 'paged',
    recipient: { kind: 'staff', staffNumber },
    params: { severity: 'high', round: 1 },
  });

test('drillsSilent sees a message of a drill', async () => {
  const { sql, caseNumber } = await livedIn();
  expect(await checkers.drillsSilent(sql)).toEqual([]);
  await sql`update cases set plan = plan || '{"drill": true}'`;
  expect(await checkers.drillsSilent(sql)).toMatchObject([
    { subject: caseNumber, detail: '2 messages of a drill' },
  ]);
});

test('drillsSilent sees a claim, an old part and stock that a drill used up', async () => {
  const { sql, stores, caseNumber, loanNumber } = await livedIn();
  await stores.records.effects.registerWarrantyClaim({
    effectKey: 'claim',
    caseNumber,
    slipNumber: 'SLIP-1',
    lines: [],
  });
  await createParts(sql).effects.returnLoan({
    effectKey: 'return',
    loanNumber,
    slipNumber: 'SLIP-1',
    lines: [
      {
        partNumber: 'HP-PUMP-230',
        usedWithCore: 1,
        returnedUnused: 0,
        oldPartSerials: ['OLD-1'],
      },
    ],
  });
  await sql`update cases set plan = plan || '{"drill": true}'`;
  expect((await checkers.drillsSilent(sql)).map(({ detail }) => detail)).toEqual([
    '2 messages of a drill',
    'HP-PUMP-230: -1',
    expect.stringMatching(/^claim WC-/),
    'old part OLD-1',
  ]);
});

test('claimsStand sees a claim of a case that was canceled', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const claim = { effectKey: 'claim', caseNumber, slipNumber: 'SLIP-1', lines: [] };
  await stores.records.effects.registerWarrantyClaim(claim);
  expect(await checkers.claimsStand(sql)).toEqual([]);
  await sql`update cases set status = 'canceled'`;
  expect(await checkers.claimsStand(sql)).toMatchObject([{ subject: caseNumber }]);
  await stores.records.effects.withdrawWarrantyClaim({
    effectKey: 'claim/undo',
    claimKey: 'claim',
    caseNumber,
    reason: 'canceled',
  });
  expect(await checkers.claimsStand(sql)).toEqual([]);
});

test('pagesInTurn sees two pages open at once', async () => {
  const { sql, stores, caseNumber } = await livedIn();
  const openTasks = [page('answerPage-1', 'ST-31')];
  await stores.progress.record(progress(caseNumber, 3, { openTasks }));
  expect(await checkers.pagesInTurn(sql)).toEqual([]);
  openTasks.push(page('answerPage-2', 'ST-32'));
  await stores.progress.record(progress(caseNumber, 4, { openTasks }));
  expect(await checkers.pagesInTurn(sql)).toMatchObject([{ detail: '2 pages open' }]);
});

test('pagesInTurn sees somebody who was paged twice for one page', async () => {
  const lived = await livedIn();
  const { sql, stores, caseNumber } = lived;
  const openTasks = [page('answerPage-1', 'ST-31')];
  await stores.progress.record(progress(caseNumber, 3, { openTasks }));
  await sendPage(lived, 3, 'ST-31');
  expect(await checkers.pagesInTurn(sql)).toEqual([]);
  await sendPage(lived, 4, 'ST-31');
  expect(await checkers.pagesInTurn(sql)).toMatchObject([{ detail: '2 pages of ST-31' }]);
});

test('ladderWhole sees who is on call and should not be', async () => {
  const { sql } = await livedIn();
  expect(await checkers.ladderWhole(sql)).toEqual([]);
  await sql`update staff set territories = '{south}' where staff_number = 'ST-31'`;
  await sql`update staff set role = 'hotline' where staff_number = 'ST-34'`;
  const details = (await checkers.ladderWhole(sql)).map(({ detail }) => detail);
  expect(new Set(details)).toEqual(new Set(['ST-31, support', 'ST-34, hotline']));
});
