/** Pages for people's browsers: one style, two languages, no script. */
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

export type PageLocale = 'zh-CN' | 'en';

/** A page, as the OpenAPI document tells it. */
export const htmlPage = (description: string) => ({
  description,
  content: { 'text/html': { schema: z.string() } },
});

const style =
  'body{font:16px/1.6 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c2430}' +
  'main{max-width:34rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.5rem}' +
  'h1{font-size:1.25rem;margin:0}dt{color:#5b6675;margin-top:1rem}dd{margin:0;font-size:1.1rem}' +
  'p{color:#5b6675}@media(prefers-color-scheme:dark){body{background:#14181e;color:#e6eaf0}main{background:#1f252e}dt,p{color:#9aa5b4}}';
/** What the page's own style is let in by. */
const stylePolicy = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** The first language of the browser's that we have; the customer's own when it names none of them. */
export function languageOf(accepts: string | undefined, own: PageLocale): PageLocale {
  const weighed = (accepts ?? '').slice(0, 500).split(',').flatMap(weighedLanguage);
  const [best] = weighed.sort((a, b) => b.weight - a.weight);
  return best?.locale ?? own;
}

function weighedLanguage(range: string): { locale: PageLocale; weight: number }[] {
  const [, language = '', q] =
    /^\s*([a-z]{2,3})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(range) ?? [];
  const locale = { zh: 'zh-CN', en: 'en' }[language.toLowerCase()] as PageLocale | undefined;
  const weight = q === undefined ? 1 : Number(q);
  return locale && weight > 0 ? [{ locale, weight }] : [];
}

const marks: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text as it stands in a page. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

/** A whole page, in the one style that its policy lets in. */
export const htmlDocument = (locale: PageLocale, title: string, content: string): string =>
  `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<meta name="robots" content="noindex,nofollow"><title>${escaped(title)}</title><style>${style}</style></head>` +
  `<body><main><h1>${escaped(title)}</h1>${content}</main></body></html>`;

/** Sends a page that runs nothing, is framed by nobody and is in no search engine. */
export const sendPage = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .headers({
      'content-security-policy': `default-src 'none'; style-src ${stylePolicy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'referrer-policy': 'no-referrer',
      vary: 'accept-language',
    })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html);
