import type { Page } from '../../db/cursor.ts';
import type { Actor } from '../../domain/case.ts';
import type { ScheduleStatus, ScheduleTerms } from '../../domain/schedule.ts';
import type { OccurrenceStore } from './occurrence-store.ts';

/** A schedule as the database remembers it. */
export interface ScheduleRow {
  scheduleNumber: string;
  terms: ScheduleTerms;
  status: ScheduleStatus;
  /** Why it was changed, paused, resumed or archived last; null for a new one. */
  reason: string | null;
  /** Grows with each change. */
  version: number;
  /** The version that the engine's Schedule follows; less than `version` while that is still to be done. */
  syncedVersion: number;
  createdBy: Actor;
  createdAt: string;
  changedAt: string;
}

export interface NewSchedule {
  /** Whose key it is: the same key of another caller is another key. */
  scope: string;
  key: string;
  /** SHA-256 of the request's canonical JSON. */
  bodyHash: string;
  terms: ScheduleTerms;
  by: Actor;
  /** ISO 8601 UTC. */
  at: string;
}

/** A new version of a schedule, out of the one that the change was decided on. */
export interface ScheduleEdit {
  scheduleNumber: string;
  /** The version that was read: another change in between leaves this one undone. */
  version: number;
  terms: ScheduleTerms;
  status: ScheduleStatus;
  /** What the audit log calls it. */
  kind: 'scheduleChanged' | 'schedulePaused' | 'scheduleResumed' | 'scheduleArchived';
  reason: string;
  by: Actor;
  /** The id of the act, kept in the audit log; null without one. */
  actId: string | null;
  at: string;
}

/** A line of the audit log about a schedule. */
export interface ScheduleEvent {
  kind: string;
  at: string;
  actor: Actor;
  reason: string | null;
}

export interface ScheduleFilter {
  flow?: string | undefined;
  customerNumber?: string | undefined;
  status?: ScheduleStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface ScheduleStore extends OccurrenceStore {
  /** Writes it once per key, with its line in the audit log. */
  create(
    schedule: NewSchedule,
  ): Promise<{ kind: 'created' | 'same' | 'keyReused'; scheduleNumber: string }>;
  /** Writes the new version with its line in the audit log. False when the schedule was changed since it was read. */
  edit(edit: ScheduleEdit): Promise<boolean>;
  get(scheduleNumber: string): Promise<ScheduleRow | null>;
  /** Newest first. Fails `BadCursor`. */
  list(filter: ScheduleFilter): Promise<Page<ScheduleRow>>;
  /** Schedules whose Schedule does not follow them yet, the longest waiting first. */
  unsynced(limit: number): Promise<ScheduleRow[]>;
  markSynced(scheduleNumber: string, version: number): Promise<void>;
  /** True when the audit log holds this act as done. */
  wasSaid(scheduleNumber: string, actId: string): Promise<boolean>;
  /** What was done to it, the latest first. */
  changes(scheduleNumber: string, limit: number): Promise<ScheduleEvent[]>;
}
