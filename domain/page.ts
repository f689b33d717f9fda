/** The case in words, for an auditor in the Temporal UI: a line for each step, and a page of where it stands. Numbers and codes only. */
import type { CaseProgress, CaseView, OpenTask, TimelineEvent } from './case.ts';

/** What happened and what is waited for now, in a line: the label of this step in the history. */
export function summaryOf({ events, openTasks, view }: CaseProgress): string {
  const reported = events.flatMap((event) => lineOf(event) ?? []);
  const waits = openTasks.map((task) => `${task.id} (${task.role})`);
  const other =
    view?.waitingOn && waits.length === 0 ? [`${view.waitingOn.what} (${view.waitingOn.who})`] : [];
  const waiting = [...waits, ...other].join(', ');
  return [reported.join('; '), waiting && `waiting for ${waiting}`]
    .filter(Boolean)
    .join(' – ')
    .slice(0, 190);
}

/** In a reader's words, with who and why where a person acted; null for what another line says already. */
function lineOf({ kind, subject, actor, reason }: TimelineEvent): string | null {
  if (kind === 'taskOpened') return null;
  const what = (phrases[kind] ?? `${spaced(kind)} *`).replace('*', subject ?? '').trim();
  if (actor.role === 'system') return what;
  return `${what} by ${actor.id} (${actor.role})${reason ? `: ${reason}` : ''}`;
}

/** `*` stands for what it is about. */
const phrases: Record<string, string> = {
  caseOpened: 'opened',
  stageEntered: 'stage *',
  statusMoved: 'status *',
  taskAnswered: '* answered',
  taskWithdrawn: '* withdrawn',
  clockMet: '* clock met',
  clockRung: '* clock rings',
  effectDone: '* done',
  caseHeld: 'held, *',
  caseResumed: 'resumed',
  blockerWaived: '* waived',
  serviceDiverted: '* diverted to the built-in service',
};

const spaced = (kind: string) => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

type Row = (string | null)[];
const table = (head: string[], rows: Row[]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`)
    .join('\n');

/** The case on one Markdown page: status, waits, tasks, clocks, blockers, facts. */
export function pageOf(view: CaseView, tasks: OpenTask[]): string {
  const wait =
    view.waitingOn &&
    `${view.waitingOn.what}, ${view.waitingOn.who}, since ${view.waitingOn.since}`;
  const standing = table(
    ['status', view.outcome ? `${view.status}: ${view.outcome}` : view.status],
    [
      ['stage', view.stage],
      ['severity', view.severity],
      ['alert level', String(view.alertLevel)],
      ['in charge', view.assignee],
      ['waiting on', wait ?? 'nothing'],
      ['next due', view.nextDueAt],
    ],
  );
  const sections = [
    [
      'Open tasks',
      tasks.length > 0 &&
        table(
          ['task', 'role', 'assignee', 'due'],
          tasks.map((task) => [task.id, task.role, task.assignee, task.dueAt]),
        ),
    ],
    [
      'Clocks',
      table(
        ['clock', 'due', 'state', 'met'],
        view.clocks.map((clock) => [clock.name, clock.dueAt, clock.state, clock.metAt]),
      ),
    ],
    ['Blockers', view.blockers.map((blocker) => `- ${blocker.kind}: ${blocker.id}`).join('\n')],
    [
      'Facts',
      Object.entries(view.facts)
        .map(([name, fact]) => `- ${name}: ${inWords(fact)}`)
        .join('\n'),
    ],
  ] as const;
  const shown = sections.flatMap(([title, body]) => (body ? [`## ${title}\n\n${body}`] : []));
  return [`# ${view.caseNumber} · ${view.flow}`, standing, ...shown].join('\n\n');
}

/** A fact without its braces; digests shortened. */
function inWords(fact: unknown): string {
  if (Array.isArray(fact)) return fact.map(inWords).join('; ');
  if (typeof fact === 'object' && fact !== null) {
    return Object.entries(fact)
      .map(([name, value]) => `${name} ${inWords(value)}`)
      .join(', ');
  }
  return String(fact).replace(/^[0-9a-f]{64}$/, (digest) => `${digest.slice(0, 12)}…`);
}
