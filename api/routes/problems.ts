import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { escaped, htmlDocument, htmlPage, languageOf, type PageLocale, sendPage } from '../html.ts';
import { allCodes, type Code, codes, type ProblemKind } from '../problem-catalogue.ts';
import { problemsOf } from '../shapes/problem.ts';
import { typed } from './context.ts';

const schema = {
  operationId: 'getProblemPage',
  tags: ['pages'],
  summary: 'What a problem’s `type` leads to: what it means, and what to do',
  security: [],
  params: z.object({ code: z.enum(allCodes, 'problem') }),
  querystring: z.strictObject({
    lang: z.enum(['en', 'zh']).optional().describe('left out: as `Accept-Language` says'),
  }),
  response: { 200: htmlPage('the page, in English or Chinese'), ...problemsOf(404, 422) },
};
const locales = { en: 'en', zh: 'zh-CN' } as const;

/** One page for each kind of problem, for whoever follows its `type`. No token is needed. */
export async function problemRoutes(app: FastifyInstance): Promise<void> {
  typed(app).get('/problems/:code', { schema }, async ({ params, query, headers }, reply) => {
    const asked = query.lang && locales[query.lang];
    return sendPage(
      reply,
      problemPage(params.code, asked ?? languageOf(headers['accept-language'], 'en')),
    );
  });
}

const words = {
  en: { means: 'What it means', remedy: 'What to do' },
  'zh-CN': { means: '含义', remedy: '处理办法' },
};

function problemPage(code: Code, locale: PageLocale): string {
  const kind: ProblemKind = codes[code];
  const language = locale === 'en' ? 'en' : 'zh';
  const facts = [
    ['HTTP', `${kind.status} ${code}`],
    [words[locale].means, kind.means[language]],
    [words[locale].remedy, kind.remedy[language]],
  ];
  const list = facts.map(
    ([name = '', value = '']) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`,
  );
  return htmlDocument(locale, kind.title[language], `<dl>${list.join('')}</dl>`);
}
