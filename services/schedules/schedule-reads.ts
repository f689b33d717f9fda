import { and, desc, eq, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { caseEvents, schedules } from '../../db/schema.ts';
import { object, statement } from '../../db/statement.ts';
import type { ScheduleTerms } from '../../domain/schedule.ts';
import type { ScheduleFilter } from './schedule-store.ts';

/** The schedule that stands under a key. */
export const scheduleUnder = statement((db, scope: string, key: string) =>
  db
    .select({ scheduleNumber: schedules.scheduleNumber, bodyHash: schedules.bodyHash })
    .from(schedules)
    .where(and(eq(schedules.scope, scope), eq(schedules.idempotencyKey, key))),
);

const place = sql<number>`substr(${schedules.scheduleNumber}, 4)::bigint`;

/** The schedule of this number. */
export const scheduleOf = statement((db, scheduleNumber: string) =>
  schedulesWhere(db, eq(schedules.scheduleNumber, scheduleNumber)),
);
/** Those whose Schedule does not follow them yet, the longest waiting first. */
export const unsynced = statement((db, limit: number) =>
  schedulesWhere(db, lt(schedules.syncedVersion, schedules.version))
    .orderBy(schedules.changedAt)
    .limit(limit),
);
/** The newest first, from the one before a place on, and one more than the limit. */
export const schedulesBefore = statement(
  (db, filter: ScheduleFilter, before: number | undefined) => {
    const { flow, customerNumber, status, limit } = filter;
    const condition = and(
      flow === undefined ? undefined : eq(schedules.flow, flow),
      customerNumber === undefined ? undefined : eq(schedules.customerNumber, customerNumber),
      status === undefined ? undefined : eq(schedules.status, status),
      before === undefined ? undefined : lt(place, before),
    );
    return schedulesWhere(db, condition)
      .orderBy(desc(place))
      .limit(limit + 1);
  },
);

function schedulesWhere(db: Db, condition: SQL | undefined) {
  const { scheduleNumber, flow, request, terms, status, reason, version } = schedules;
  const { syncedVersion, createdBy, createdAt, changedAt } = schedules;
  return db
    .select({
      scheduleNumber,
      terms: sql<ScheduleTerms>`${terms} || ${object({ flow, request })}`,
      status,
      reason,
      version,
      syncedVersion,
      createdBy,
      createdAt,
      changedAt,
    })
    .from(schedules)
    .where(condition);
}

const aboutSchedule = (scheduleNumber: string, further?: SQL) =>
  and(isNull(caseEvents.caseNumber), eq(caseEvents.subject, scheduleNumber), further);

/** The line of this act in the audit log. */
export const lineOf = statement((db, scheduleNumber: string, actId: string) =>
  db
    .select({ seq: caseEvents.seq })
    .from(caseEvents)
    .where(aboutSchedule(scheduleNumber, eq(caseEvents.updateId, actId))),
);

/** What the audit log says of a schedule, the latest first. */
export const linesOf = statement((db, scheduleNumber: string, limit: number) =>
  db
    .select({
      kind: caseEvents.kind,
      at: caseEvents.at,
      actor: { id: caseEvents.actorId, role: caseEvents.actorRole },
      reason: caseEvents.reason,
    })
    .from(caseEvents)
    .where(aboutSchedule(scheduleNumber))
    .orderBy(desc(caseEvents.seq))
    .limit(limit),
);
