/** The customer's page of one case: where it stands, what comes next, what was promised. Numbers and stages only, nobody's name. */
import { DateTime } from 'luxon';
import type { ClockView } from '../domain/case.ts';
import { flowDefinition } from '../domain/catalogue.ts';
import { transitionsOf } from '../domain/chart.ts';
import type { Title } from '../domain/flows/define.ts';
import { isEnded } from '../domain/status.ts';
import type { CaseRow } from '../services/cases/index.ts';
import { escaped, htmlDocument, type PageLocale } from './html.ts';

interface Shown {
  row: CaseRow;
  locale: PageLocale;
  timeZone: string;
  /** ISO 8601. */
  now: string;
}

const words = {
  en: {
    title: 'Your service request',
    number: 'Number',
    machine: 'Machine',
    now: 'Now',
    next: 'Usually next',
    promised: 'Promised',
    nothingNext: 'Nothing: your request is completed.',
    nothingPromised: 'We will tell you a time.',
    visit: 'Visit from',
    paused: 'We wait for you or for a part; the time runs on after that.',
    by: {
      response: 'First answer by',
      restore: 'Running again by',
      resolution: 'Done by',
      callback: 'Our call by',
    },
    ended: { closed: 'Completed', canceled: 'Canceled', rejected: 'Not accepted' },
    asOf: 'As of',
    noPage: 'This link is not valid, or not any more.',
  },
  'zh-CN': {
    title: '您的服务单',
    number: '单号',
    machine: '设备',
    now: '当前进度',
    next: '通常下一步',
    promised: '承诺时间',
    nothingNext: '无，服务单已结束。',
    nothingPromised: '时间确定后会通知您。',
    visit: '上门时间',
    paused: '正在等待您或配件，之后继续计时。',
    by: {
      response: '首次答复不晚于',
      restore: '恢复运行不晚于',
      resolution: '完成不晚于',
      callback: '回访不晚于',
    },
    ended: { closed: '已完成', canceled: '已取消', rejected: '未受理' },
    asOf: '更新时间',
    noPage: '链接无效或已过期。',
  },
} as const;

/** The page of a case that has a link. */
export function statusPage(shown: Shown): string {
  const { row, locale, timeZone, now } = shown;
  const text = words[locale];
  const { caseNumber } = row.view;
  const facts: [string, string][] = [
    [text.number, caseNumber],
    ...(row.serialNumber ? [[text.machine, row.serialNumber] satisfies [string, string]] : []),
    [text.now, stageNow(shown)],
    [text.next, stageNext(shown)],
    ...(isEnded(row.view.status)
      ? []
      : [[text.promised, promised(shown)] satisfies [string, string]]),
  ];
  const list = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  const asOf = `${text.asOf} ${wallClock(now, timeZone)}`;
  return htmlDocument(locale, text.title, `<dl>${list.join('')}</dl><p>${escaped(asOf)}</p>`);
}

/** The page of every link that opens nothing: it does not say why. */
export const noPage = (locale: PageLocale): string =>
  htmlDocument(locale, words[locale].title, `<p>${escaped(words[locale].noPage)}</p>`);

const titleIn = (title: Title | undefined, locale: PageLocale): string =>
  (locale === 'en' ? title?.en : title?.zh) ?? '–';

function stageNow({ row, locale }: Shown): string {
  const { status, stage } = row.view;
  if (status === 'closed' || status === 'canceled' || status === 'rejected')
    return words[locale].ended[status];
  return stageTitle(row.flow, stage, locale);
}

function stageNext({ row, locale }: Shown): string {
  const flow = flowDefinition(row.flow);
  if (!flow || isEnded(row.view.status)) return words[locale].nothingNext;
  const [next] = transitionsOf(flow)[row.view.stage] ?? [];
  return next ? stageTitle(row.flow, next, locale) : words[locale].ended.closed;
}

const stageTitle = (flow: string, stage: string, locale: PageLocale): string =>
  titleIn(flowDefinition(flow)?.stages.find(({ name }) => name === stage)?.title, locale);

/** The visit that was agreed while it lies ahead, else the promise that falls due first. */
function promised({ row, locale, timeZone, now }: Shown): string {
  const text = words[locale];
  const { visit } = row.view.facts as { visit?: { start?: string } };
  if (visit?.start && visit.start > now) return `${text.visit} ${wallClock(visit.start, timeZone)}`;
  const open = row.view.clocks.filter(({ state }) => state === 'running' || state === 'paused');
  const [first] = open.sort((a, b) => a.dueAt.localeCompare(b.dueAt));
  if (!first) return text.nothingPromised;
  return first.state === 'paused' ? text.paused : dueBy(first, text.by, timeZone);
}

const dueBy = (clock: ClockView, by: Record<string, string>, timeZone: string): string =>
  `${by[clock.name] ?? by.resolution} ${wallClock(clock.dueAt, timeZone)}`;

const wallClock = (at: string, zone: string): string =>
  DateTime.fromISO(at, { zone }).toFormat('yyyy-MM-dd HH:mm (ZZ)');
