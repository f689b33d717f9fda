import { IntlMessageFormat } from 'intl-messageformat';
import { DateTime } from 'luxon';
import type { StatusLinks } from '../status-links/index.ts';
import en from './catalogue.en.json' with { type: 'json' };
import zh from './catalogue.zh-CN.json' with { type: 'json' };
import type { SendRequest, Template } from './index.ts';

export type Locale = 'zh-CN' | 'en';
export type TemplateValues = Record<string, string | number | null | undefined>;

const catalogues: Record<Locale, Record<Template, string>> = { 'zh-CN': zh, en };
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A message in one language. What the caller did not name shows as a dash; braces inside a value are just text. */
export function render(
  template: Template,
  locale: Locale,
  values: TemplateValues,
  timeZone: string,
): string {
  const message = new IntlMessageFormat(catalogues[locale][template], locale, undefined, {
    ignoreTag: true,
  });
  return String(message.format(shown(catalogues[locale][template], values, timeZone)));
}

/** Every name in the pattern with its value; instants by the wall clock of the recipient's zone. */
function shown(pattern: string, values: TemplateValues, timeZone: string): Record<string, string> {
  const names = [...pattern.matchAll(/\{(\w+)/g)].flatMap(([, name]) => name ?? []);
  return Object.fromEntries(names.map((name) => [name, text(values[name], timeZone)]));
}

function text(value: TemplateValues[string], timeZone: string): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'number' || !instant.test(value)) return String(value);
  return DateTime.fromISO(value, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
}

/** Messages in which a customer wants to know where it stands. */
const linkedTemplates: ReadonlySet<Template> = new Set([
  'applicationConfirmed',
  'dispatched',
  'notFinished',
  'resultReport',
  'quotePresented',
  'inspectionAnnounced',
]);

/** True for a message that the customer's link goes with. */
export const carriesLink = ({
  recipient,
  template,
}: Pick<SendRequest, 'recipient' | 'template'>): boolean =>
  recipient.kind === 'customer' && linkedTemplates.has(template);

const whereItStands: Record<Locale, string> = { en: 'Where it stands:', 'zh-CN': '进度查询：' };

/** A message as its customer gets it, the link at its end. */
export function withLink<Message extends { text: string; locale: Locale; caseNumber: string }>(
  message: Message,
  links: StatusLinks,
): Message {
  const { text, locale, caseNumber } = message;
  return { ...message, text: `${text} ${whereItStands[locale]} ${links.urlOf(caseNumber)}` };
}
