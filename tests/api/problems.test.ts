/** Where a problem's `type` leads: a page for whoever met it, in two languages, without a token. */
import { expect, test } from 'vitest';
import { allCodes, codes } from '../../api/problem-catalogue.ts';
import { problemShape } from '../../api/shapes/problem.ts';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile(2);
const door = doorFrom(() => openDoor(database.sql, noEngine));

const read = (url: string, headers: Record<string, string> = {}) =>
  door.app.inject({ method: 'GET', url, headers });

test.each(allCodes)(
  'the page of %s says in both languages what it means and what to do',
  async (code) => {
    const { title, means, remedy } = codes[code];
    for (const [lang, language] of [
      ['en', 'en'],
      ['zh', 'zh-CN'],
    ] as const) {
      const { statusCode, headers, body } = await read(`/problems/${code}?lang=${lang}`);
      expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).toContain(`<html lang="${language}">`);
      for (const text of [title, means, remedy]) expect(body).toContain(text[lang].slice(0, 10));
    }
    for (const text of [title, means, remedy]) expect(text.zh).toMatch(/\p{Script=Han}/u);
  },
);

test('a browser gets the page in the language that it asks for, English when it asks for none of ours', async () => {
  const title = async (accepts: string) =>
    /<title>(.*)<\/title>/.exec(
      (await read('/problems/notFound', { 'accept-language': accepts })).body,
    )?.[1];
  expect(await title('zh-CN,zh;q=0.9,en;q=0.5')).toBe(codes.notFound.title.zh);
  expect(await title('en-GB,zh;q=0.5')).toBe(codes.notFound.title.en);
  expect(await title('fr')).toBe(codes.notFound.title.en);
});

test.each([
  ['/v1/cases', undefined, 'unauthorized'],
  ['/v1/cases/C-999999', 'hotline', 'notFound'],
  ['/v1/cases?limit=0', 'hotline', 'invalidRequest'],
  ['/v1/webhooks', 'hotline', 'forbidden'],
  ['/v1/nowhere', 'hotline', 'notFound'],
  ['/readyz', undefined, 'unavailable'],
])('the type of the problem that %s answers leads to its page', async (url, role, code) => {
  const { body } = await read(url, role ? { authorization: `Bearer demo-${role}` } : {});
  const problem = problemShape.strict().parse(JSON.parse(body));
  expect(problem).toMatchObject({ code, type: `/problems/${code}` });
  expect((await read(problem.type)).statusCode).toBe(200);
});

test('there is no page of a problem that there is not', async () => {
  const { statusCode, body } = await read('/problems/toString');
  expect([statusCode, JSON.parse(body).detail]).toEqual([404, 'no such problem']);
});
