/** What each event of a history is, and what it would not be there without. Pure. */

/** A history event, as far as counting needs it. */
export interface Seen {
  id: number;
  /** Such as `ACTIVITY_TASK_SCHEDULED`. */
  type: string;
  /** Name of the update, signal or activity, local ones too; empty where there is none. */
  about: string;
  /** Of an activity's later events: the event that scheduled it. */
  scheduledBy?: number;
}

export const kinds = [
  'workflowTasks',
  'updates',
  'activities',
  'localActivities',
  'searchAttributes',
  'timers',
  'childrenAndSignals',
  'startAndEnd',
] as const;
export type Kind = (typeof kinds)[number];

/** Activities that tell our own database how far a workflow got; all others do something for the business, or ask. */
const bookkeeping = ['claimCycle', 'recordProgress'];

export const causes = ['answers', 'effects', 'bookkeeping', 'clocks', 'loans', 'opening'] as const;
/** What set the workflow going: an answer, a finished effect, a bookkeeping call of its own, a timer, a word from or to a child, its start. */
export type Cause = (typeof causes)[number];

export interface Classified extends Seen {
  kind: Kind;
  cause: Cause;
}

const kindsByType: [RegExp, Kind][] = [
  [/^WORKFLOW_TASK_/, 'workflowTasks'],
  [/^WORKFLOW_EXECUTION_UPDATE_/, 'updates'],
  [/^ACTIVITY_TASK_/, 'activities'],
  [/^MARKER_/, 'localActivities'],
  [/^UPSERT_WORKFLOW_SEARCH_ATTRIBUTES/, 'searchAttributes'],
  [/^TIMER_/, 'timers'],
  [/CHILD_WORKFLOW|EXTERNAL_WORKFLOW|SIGNALED/, 'childrenAndSignals'],
];

export const kindOf = (type: string): Kind =>
  kindsByType.find(([pattern]) => pattern.test(type))?.[1] ?? 'startAndEnd';

/** Events of one run, in order. A workflow task belongs to what woke it, and so does what it commanded, unless it took an answer on
 *  the way: then that is the answer's. Activities, local or not, that are no bookkeeping are effects,
 *  wherever they stand. */
export function classify(run: readonly Seen[]): Classified[] {
  const effects = new Set(run.filter(isEffect).map((event) => event.id));
  let woken: Cause | null = 'opening';
  let current: Cause = 'opening';
  return run.map((event, index) => {
    if (event.type === 'WORKFLOW_TASK_SCHEDULED')
      current = woken ?? wokenByMessage(run, index) ?? current;
    if (event.type === 'WORKFLOW_TASK_STARTED') woken = null; // whatever came before is told to this task
    if (event.type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED') current = 'answers';
    const own = ownCause(event, effects);
    if (own && wakes(event.type)) woken ??= own;
    return { ...event, kind: kindOf(event.type), cause: own ?? current };
  });
}

/** An update leaves its event only after the task that it woke. */
function wokenByMessage(run: readonly Seen[], from: number): Cause | undefined {
  const next = run.findIndex(({ type }, at) => at > from && type === 'WORKFLOW_TASK_SCHEDULED');
  const until = next < 0 ? run.length : next;
  const isAnswer = ({ type }: Seen) => type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED';
  return run.slice(from, until).some(isAnswer) ? 'answers' : undefined;
}

/** Whether it asks for an effect, by a local activity or a normal one. */
export const isEffect = ({ type, about }: Seen): boolean =>
  (type === 'ACTIVITY_TASK_SCHEDULED' || type === 'MARKER_RECORDED') &&
  about !== '' &&
  !bookkeeping.includes(about);

function ownCause(event: Seen, effects: ReadonlySet<number>): Cause | undefined {
  switch (kindOf(event.type)) {
    case 'updates':
      return 'answers';
    case 'activities':
      return effects.has(event.scheduledBy ?? event.id) ? 'effects' : 'bookkeeping';
    case 'localActivities':
      return effects.has(event.id) ? 'effects' : undefined;
    case 'childrenAndSignals':
      return 'loans';
    default:
      return event.type === 'TIMER_FIRED' ? 'clocks' : undefined;
  }
}

/** Commands of the workflow itself wake nobody. */
const wakes = (type: string): boolean =>
  /_(COMPLETED|FAILED|TIMED_OUT|CANCELED|FIRED|SIGNALED|STARTED)$/.test(type) &&
  !/^(ACTIVITY_TASK_STARTED|WORKFLOW_EXECUTION_UPDATE)/.test(type);

/** How many events carry each label of a field, every label named. */
export function countBy<Label extends string>(
  labels: readonly Label[],
  events: readonly Classified[],
  label: (event: Classified) => Label,
): Record<Label, number> {
  const counted = labels.map((name) => [name, events.filter((e) => label(e) === name).length]);
  return Object.fromEntries(counted) as Record<Label, number>;
}

/** Events that so many answers and effects may cost: 8 each and 6 each. */
export const eventBudget = (answers: number, effects: number): number => 8 * answers + 6 * effects;
