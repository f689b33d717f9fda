import { eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage, type Page } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { caseEvents, scheduleOccurrences, schedules } from '../../db/schema.ts';
import { names, row, rows, set, statement } from '../../db/statement.ts';
import { flowDefinition } from '../../domain/catalogue.ts';
import { withoutPersonal } from '../../domain/fields.ts';
import type { ScheduleTerms, Timing } from '../../domain/schedule.ts';
import { createOccurrences } from './occurrence-store.ts';
import {
  lineOf,
  linesOf,
  scheduleOf,
  schedulesBefore,
  scheduleUnder,
  unsynced,
} from './schedule-reads.ts';
import type {
  NewSchedule,
  ScheduleEdit,
  ScheduleFilter,
  ScheduleRow,
  ScheduleStore,
} from './schedule-store.ts';

/** The store of schedules and of what became of their occurrences (N22). */
export function createScheduleStore(client: Sql): ScheduleStore {
  const db = drizzle(client);
  return {
    ...createOccurrences(client),
    create: (schedule) => create(db, schedule),
    edit: async (change) => (await updateSchedule(db, change)).length > 0,
    get: async (scheduleNumber) => (await scheduleOf(db, scheduleNumber))[0] ?? null,
    list: (filter) => list(db, filter),
    unsynced: (limit) => unsynced(db, limit),
    async markSynced(scheduleNumber, version) {
      await updateSynced(db, scheduleNumber, version);
    },
    wasSaid: async (scheduleNumber, actId) => (await lineOf(db, scheduleNumber, actId)).length > 0,
    changes: (scheduleNumber, limit) => linesOf(db, scheduleNumber, limit),
  };
}

async function create(db: Db, schedule: NewSchedule): ReturnType<ScheduleStore['create']> {
  const [created] = await insertSchedule(db, schedule);
  if (created) return { kind: 'created', ...created };
  const [known] = await scheduleUnder(db, schedule.scope, schedule.key);
  const kind = known?.bodyHash === schedule.bodyHash ? 'same' : 'keyReused';
  return { kind, scheduleNumber: known?.scheduleNumber ?? '' };
}

const insertSchedule = statement((db, schedule: NewSchedule) => {
  const { scope, key, bodyHash, terms, by, at } = schedule;
  const { scheduleNumber } = schedules;
  return rows(
    db,
    { scheduleNumber },
    (answer) => sql`
    with fresh as (
      insert into ${schedules} ${row(schedules, {
        scheduleNumber: sql`schedule_number_of(nextval('schedule_numbers'))`,
        scope,
        idempotencyKey: key,
        bodyHash,
        flow: terms.flow,
        request: terms.request,
        customerNumber: customerOf(terms),
        terms: timingOf(terms),
        createdBy: by,
        createdAt: at,
        changedAt: at,
      })}
      on conflict (${names(schedules.scope, schedules.idempotencyKey)}) do nothing returning ${scheduleNumber}
    ), logged as (
      insert into ${caseEvents} ${row(caseEvents, {
        eventKey: sql`schedule_number || '/1'`,
        kind: 'scheduleCreated',
        at,
        actorId: by.id,
        actorRole: by.role,
        subject: sql`schedule_number`,
        detail: { terms: logged(terms) },
      })} from fresh
    )
    select ${answer} from fresh as ${schedules}`,
  );
});

/** What the audit log keeps of them: it is never cleared, so nothing of a person's. */
const logged = ({ flow, request, ...timing }: ScheduleTerms) => {
  const input = flowDefinition(flow)?.input;
  return { flow, request: input ? withoutPersonal(input, request) : {}, ...timing };
};

const customerOf = ({ request: { customerNumber } }: ScheduleTerms): string | null =>
  typeof customerNumber === 'string' ? customerNumber : null;
const timingOf = ({ flow: _, request: __, ...timing }: ScheduleTerms): Timing => timing;

const updateSchedule = statement((db, change: ScheduleEdit) => {
  const { scheduleNumber, version, terms, status, kind, reason, by, actId, at } = change;
  return db.execute(sql`
    with changed as (
      update ${schedules} set ${set(schedules, {
        request: terms.request,
        customerNumber: customerOf(terms),
        terms: timingOf(terms),
        status,
        reason,
        version: sql`${schedules.version} + 1`,
        changedAt: at,
      })}
      where ${schedules.scheduleNumber} = ${scheduleNumber} and ${schedules.version} = ${version}
        and ${schedules.status} <> 'archived'
      returning ${schedules.scheduleNumber}, ${schedules.version}, ${schedules.status}
    ), dropped as (
      update ${scheduleOccurrences} set ${set(scheduleOccurrences, {
        result: 'skipped',
        detail: 'the schedule was archived',
      })} from changed
      where ${scheduleOccurrences.scheduleNumber} = changed.schedule_number
        and ${scheduleOccurrences.result} = 'buffered' and changed.status = 'archived'
    ), logged as (
      insert into ${caseEvents} ${row(caseEvents, {
        eventKey: sql`schedule_number || '/' || version`,
        kind,
        at,
        actorId: by.id,
        actorRole: by.role,
        reason,
        subject: sql`schedule_number`,
        updateId: actId,
        detail: { terms: logged(terms), status },
      })} from changed
    )
    select from changed`);
});

const updateSynced = statement((db, scheduleNumber: string, version: number) =>
  db
    .update(schedules)
    .set({ syncedVersion: sql`greatest(${schedules.syncedVersion}, ${version})` })
    .where(eq(schedules.scheduleNumber, scheduleNumber)),
);

async function list(db: Db, filter: ScheduleFilter): Promise<Page<ScheduleRow>> {
  const before = decodeCursor('schedules', filter.cursor, isNumber)?.[0];
  const found = await schedulesBefore(db, filter, before);
  return listPage(found, filter.limit, (last) =>
    encodeCursor('schedules', [Number(last.scheduleNumber.slice(3))]),
  );
}
