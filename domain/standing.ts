/** Where a case stands, as plain JSON, and the rules by which it is held, moved and graded. Instants are epoch milliseconds. */
import type {
  AlertLevel,
  Blocker,
  CaseStatus,
  CaseView,
  ClockView,
  HoldReason,
  OpenTask,
} from './case.ts';
import {
  type Clock,
  clockState,
  dueAt,
  isSettled,
  nextRung,
  pauseClock,
  type Rung,
  resumeClock,
} from './clock.ts';
import type { ClockPlan } from './plan.ts';
import { type CaseMove, isEnded, moveCase } from './status.ts';

export interface Standing {
  status: CaseStatus;
  /** What it was before the hold; null while it is not held. */
  heldFrom: CaseStatus | null;
  heldAt: number | null;
  holdReason: HoldReason | null;
  stage: string;
  /** Null while it stands as it was opened. */
  severity: CaseView['severity'] | null;
  alertLevel: AlertLevel;
  alertAcknowledged: boolean;
  /** When the alert rises a level unless acknowledged. */
  alertRisesAt: number | null;
  assignee: string | null;
  clocks: Record<string, Clock>;
  openTasks: OpenTask[];
  blockers: Blocker[];
  waivers: CaseView['waivers'];
  outcome: string | null;
  completedAt: string | null;
  closedAt: string | null;
  facts: Record<string, unknown>;
}

/** A case that nothing has happened to yet. */
export const newStanding = (): Standing => ({
  status: 'new',
  heldFrom: null,
  heldAt: null,
  holdReason: null,
  stage: '',
  severity: null,
  alertLevel: 0,
  alertAcknowledged: false,
  alertRisesAt: null,
  assignee: null,
  clocks: {},
  openTasks: [],
  blockers: [],
  waivers: [],
  outcome: null,
  completedAt: null,
  closedAt: null,
  facts: {},
});

const iso = (ms: number) => new Date(ms).toISOString();

/** Stops the clocks that this reason pauses; the others run on. */
export function beginHold(
  standing: Standing,
  { holdReason, reason, actor }: { holdReason: HoldReason; reason: string; actor: string },
  now: number,
): void {
  const { status: heldFrom } = standing;
  Object.assign(standing, { heldFrom, heldAt: now, status: 'onHold', holdReason });
  for (const clock of Object.values(standing.clocks))
    if (clock.plan.pausedBy.includes(holdReason)) pauseClock(clock, now, reason, actor);
}

/** Ends a hold: clocks go on, and what people had to do by a time shifts by what stood still. */
export function endHold(standing: Standing, now: number): void {
  shiftTasks(standing, now);
  const status = standing.heldFrom ?? 'inProgress';
  Object.assign(standing, { status, heldFrom: null, heldAt: null, holdReason: null });
  for (const clock of Object.values(standing.clocks)) resumeClock(clock, now);
}

/** Only where the reason stops any clock. */
function shiftTasks(standing: Standing, now: number): void {
  const { heldAt, holdReason, clocks } = standing;
  const stopped = Object.values(clocks).some(
    ({ plan }) => holdReason && plan.pausedBy.includes(holdReason),
  );
  if (heldAt === null || !stopped) return;
  const shifted = (due: string) => iso(Date.parse(due) + now - heldAt);
  standing.openTasks = standing.openTasks.map((task) => ({
    ...task,
    dueAt: task.dueAt && shifted(task.dueAt),
  }));
}

/** Moves the status by the reducer; false when the move is not allowed now. */
export function move(standing: Standing, by: CaseMove, now: number): boolean {
  const to = moveCase(standing.status, by);
  if (!to) return false;
  standing.status = to;
  if (by === 'resolve') standing.completedAt ??= iso(now);
  return true;
}

/** Names whom the case is meant for now: its open tasks of an engineer, and those of the one before. */
export function assign(standing: Standing, assignee: string): void {
  const { assignee: before } = standing;
  standing.assignee = assignee;
  standing.openTasks = standing.openTasks.map((task) =>
    task.role === 'engineer' || (before !== null && task.assignee === before)
      ? { ...task, assignee }
      : task,
  );
}

/** Names what the case can't close over; a waiver was for the obligation of an earlier round. */
export function block(standing: Standing, blocker: Blocker): void {
  standing.blockers = [...standing.blockers.filter(({ id }) => id !== blocker.id), blocker];
  standing.waivers = standing.waivers.map((waiver) =>
    waiver.id === blocker.id ? { ...waiver, id: `${waiver.id}, earlier` } : waiver,
  );
}

/** One level higher; the third is the highest. */
export const nextLevel = (level: AlertLevel): 1 | 2 | 3 => (level === 0 ? 1 : level === 1 ? 2 : 3);

/** Milliseconds that a grade promises, by clock. */
export type TargetsMs = Partial<Record<ClockPlan['name'], number>>;
/** A promise that became stricter, in milliseconds. */
export interface Tightened {
  name: ClockPlan['name'];
  from: number;
  to: number;
}

/** Clocks that still run keep what was promised, or less where the new targets are shorter: stricter, never looser. */
export const tighten = ({ clocks }: Standing, targetsMs: TargetsMs): Tightened[] =>
  Object.values(clocks).flatMap((clock) => {
    const { name, targetMs: from } = clock.plan;
    const to = targetsMs[name];
    if (isSettled(clock) || to === undefined || to >= from) return [];
    clock.plan = { ...clock.plan, targetMs: to };
    return [{ name, from, to }];
  });

/** The next rung of each clock that runs (N3). */
export const rungsAhead = ({ clocks }: Standing, now: number): { clock: Clock; rung: Rung }[] =>
  Object.values(clocks).flatMap((clock) => {
    const rung = nextRung(clock, now);
    return rung ? [{ clock, rung }] : [];
  });

/** The earliest due time of a running clock or an open task, ISO 8601; null when nothing is due. */
export function nextDueAt({ status, clocks, openTasks }: Standing, now: number): string | null {
  if (isEnded(status)) return null;
  const running = Object.values(clocks).filter((clock) => clockState(clock, now) === 'running');
  const due = [
    ...running.map((clock) => iso(dueAt(clock, now))),
    ...openTasks.flatMap((task) => task.dueAt ?? []),
  ];
  return due.sort()[0] ?? null;
}

/** A clock as readers see it. */
export const clockView = (clock: Clock, now: number): ClockView => ({
  name: clock.plan.name,
  startedAt: iso(clock.startedAt),
  dueAt: iso(dueAt(clock, now)),
  state: clockState(clock, now),
  metAt: clock.metAt === null ? null : iso(clock.metAt),
});
