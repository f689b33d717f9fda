/** Loans and messages of a deployment with partners: what they hold and what the built-in services hold, in one list. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../db/connect.ts';
import { createLists } from '../../services/lists/both.ts';
import type { Lists } from '../../services/lists/index.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { builtInServices, chooseServices } from '../../services/partner/choose.ts';
import { createOutbox } from '../../services/partner/outbox.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';

const ours = databaseOfThisFile();
let partner: RudePartner;
let lists: Lists;
beforeAll(async () => {
  partner = await startRudePartner(2_000);
  const { address } = partner;
  const partners = { parts: address, notification: address };
  ({ lists } = chooseServices(ours.sql, builtInServices(ours.sql), partners));
});
afterAll(async () => {
  await partner.close();
});

let caseNumber = '';
beforeEach(async () => {
  caseNumber = await openedCase(ours.stores);
});

/** Issued so many minutes after eight, the way a case does; `name` tells the loans of a case apart. */
async function lend(sql: Sql, name: string, minute: number): Promise<string> {
  const [parts, loanNumber] = [createParts(sql), `${caseNumber}/${name}`];
  const lines = [{ partNumber: 'HP-SEAL-230', quantity: 1 }];
  await parts.effects.receive({
    effectKey: `${loanNumber}/stock`,
    location: 'OFFICE-NORTH',
    lines,
  });
  await parts.effects.reserve({ effectKey: loanNumber, caseNumber, territory: 'north', lines });
  await parts.effects.issueLoan({
    effectKey: `${loanNumber}/issue`,
    reservationKey: loanNumber,
    loanNumber,
    caseNumber,
    borrower: 'ST-02',
    dueAt: '2026-12-24T08:00:00.000Z',
    issuedAt: `2026-11-22T08:${String(minute).padStart(2, '0')}:00.000Z`,
  });
  return name;
}
const clear = (sql: Sql, name: string) =>
  createParts(sql).effects.returnLoan({
    effectKey: `${caseNumber}/${name}/back`,
    loanNumber: `${caseNumber}/${name}`,
    slipNumber: 'SLIP-1',
    lines: [{ partNumber: 'HP-SEAL-230', usedWithCore: 0, returnedUnused: 1, oldPartSerials: [] }],
  });

type Asked = Partial<Parameters<Lists['loans']>[0]>;
const page = async (asked: Asked = {}) => {
  const { items, nextCursor } = await lists.loans({ caseNumber, limit: 50, ...asked });
  const names = items.map(({ loanNumber, source }) => `${loanNumber.split('/')[1]} ${source}`);
  return { names, nextCursor };
};
const namesOf = async (asked: Asked = {}) => (await page(asked)).names;

/** All pages, one after the other. */
async function paged(limit: number, asked: Asked = {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ; ) {
    const { names, nextCursor } = await page({ ...asked, limit, ...(cursor && { cursor }) });
    pages.push(names);
    if (nextCursor === null) return pages;
    cursor = nextCursor;
  }
}

test.each([1, 2, 3, 4, 6, 7])(
  'loans of both are listed by their issue, newest first, each once on pages of %i',
  async (limit) => {
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f', 'g'].entries())
      await lend('adg'.includes(name) ? ours.sql : partner.books, name, index);
    const pages = await paged(limit);
    expect(pages.flat()).toEqual([
      ...['g builtIn', 'f partner', 'e partner', 'd builtIn'],
      ...['c partner', 'b partner', 'a builtIn'],
    ]);
    expect(pages.slice(0, -1).every((one) => one.length === limit)).toBe(true);
    expect(pages.at(-1)).not.toEqual([]);
  },
);

test('a loan that both hold is ours, whatever its partner still says of it; alone, a partner’s list is whole', async () => {
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries())
    await lend(partner.books, name, index);
  for (const [index, name] of ['b', 'c', 'd'].entries()) await lend(ours.sql, name, index + 1);
  await clear(ours.sql, 'c');
  const all = ['e partner', 'd builtIn', 'c builtIn', 'b builtIn', 'a partner'];
  expect(await namesOf()).toEqual(all);
  expect((await paged(1)).flat()).toEqual(all);
  expect((await paged(2)).flat()).toEqual(all);
  expect(await namesOf({ status: 'issued' })).toEqual(all.filter((one) => one !== 'c builtIn'));
  expect(await namesOf({ status: 'cleared' })).toEqual(['c builtIn']);
  expect(await namesOf({ source: 'builtIn' })).toEqual(['d builtIn', 'c builtIn', 'b builtIn']);
  expect((await paged(2, { source: 'partner' })).flat()).toEqual(
    ['e', 'd', 'c', 'b', 'a'].map((name) => `${name} partner`),
  );
});

test('a loan that is diverted between two pages is on one of them', async () => {
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
    await lend(partner.books, name, index * 2);
  await lend(ours.sql, 'x', 1);
  const first = await page({ limit: 2 });
  expect(first.names).toEqual(['d partner', 'c partner']);
  for (const [name, minute] of [['d', 6] as const, ['c', 4] as const, ['b', 2] as const])
    await lend(ours.sql, name, minute);
  expect(await namesOf({ cursor: first.nextCursor ?? '' })).toEqual([
    ...['b builtIn', 'x builtIn', 'a partner'],
  ]);
});

test('a cursor belongs to the list of its source', async () => {
  for (const [index, name] of ['a', 'b'].entries()) await lend(ours.sql, name, index);
  const cursor = (await page({ limit: 1 })).nextCursor ?? '';
  const forged = Buffer.from('["part-loans","","","\\u0000",null]').toString('base64url');
  await expect(page({ cursor: forged })).rejects.toMatchObject({ type: 'BadCursor' });
  await expect(page({ cursor, source: 'builtIn' })).rejects.toMatchObject({ type: 'BadCursor' });
  const { lists: without } = chooseServices(ours.sql, builtInServices(ours.sql));
  await expect(without.loans({ cursor, limit: 1 })).rejects.toMatchObject({ type: 'BadCursor' });
  expect((await without.loans({ caseNumber, source: 'partner', limit: 1 })).items).toEqual([]);
});

test('a partner that begins anew on every page is not asked for ever', async () => {
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    await lend(ours.sql, name, index);
    await lend(partner.books, name, index);
  }
  const own = builtInServices(ours.sql);
  const parts = createParts(partner.books);
  const stubborn = {
    listLoans: ({ after: _, ...filter }: Parameters<typeof parts.questions.listLoans>[0]) =>
      parts.questions.listLoans(filter),
  };
  const held = { parts: own.parts.questions, notification: own.notification.questions };
  const both = createLists(ours.sql, held, { parts: stubborn, notification: null });
  const { items } = await both.loans({ caseNumber, limit: 1 });
  expect(items).toMatchObject([{ loanNumber: `${caseNumber}/c`, source: 'builtIn' }]);
});

test('messages of both are listed oldest first; one that was asked of both under its key is ours', async () => {
  const message = (sequence: number) => ({
    effectKey: `${caseNumber}/1/message/${sequence}`,
    caseNumber,
    sequence,
    params: {},
    template: 'rateUs' as const,
    recipient: { kind: 'customer' as const, caseNumber },
  });
  const ready = { channel: 'sms' as const, locale: 'en' as const, text: 'Hello', name: null };
  const sent = { ...ready, phone: null, mail: null };
  const [outbox, built] = [createOutbox(partner.books), createNotification(ours.sql)];
  await outbox.effects.send({ ...message(1), ...sent });
  await outbox.effects.send({ ...message(2), ...sent });
  await built.effects.send(message(2));
  await built.effects.send(message(3));
  await outbox.effects.send({ ...message(4), ...sent });
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const asked = { caseNumber, limit: 1, ...(cursor && { cursor }) };
    const { items, nextCursor } = await lists.notifications(asked);
    seen.push(...items.map(({ sequence, source }) => `${sequence} ${source}`));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  expect(seen).toEqual(['1 partner', '2 builtIn', '3 builtIn', '4 partner']);
});

test('while a partner is away the list says so rather than leaving its part out; ours alone is there', async () => {
  await lend(ours.sql, 'a', 1);
  partner.behave(() => ({ fault: 'error500', doneFirst: false }));
  await expect(page()).rejects.toMatchObject({ name: 'PartnerAway' });
  await expect(page({ source: 'partner' })).rejects.toMatchObject({ name: 'PartnerAway' });
  expect(await namesOf({ source: 'builtIn' })).toEqual(['a builtIn']);
  partner.behave(null);
  expect(await namesOf()).toEqual(['a builtIn']);
});
