/** What somebody in charge does to schedules; a refusal leaves one line in the audit log, and the schedule as it was. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Actor } from '../../domain/case.ts';
import type { ScheduleTerms } from '../../domain/schedule.ts';
import type { backfillWindow } from '../../domain/schedule-contracts.ts';
import {
  createSchedules,
  problemsToday,
  type ScheduleRow,
  type ScheduleTaken,
} from '../../services/schedules/index.ts';
import type { AppDeps } from '../deps.ts';
import { actorIn, actorOf, type Person } from '../plugins/auth.ts';
import { invalid, Problem } from '../problem.ts';
import { planners, scheduleActionsFor } from '../schedule-page.ts';
import { actIdOf, claimKey, scopeOf } from './deliver.ts';

/** One person's word about one schedule; `key` is undefined where none was sent. */
export interface ScheduleCall {
  person: Person;
  schedule: ScheduleRow;
  key: string | undefined;
}
/** Where bodies hold the request that cases are opened with. */
export type RequestAt = '' | '/request';
/** A change as its body tells it. */
export interface ScheduleChange {
  body: { reason: string };
  terms: (before: ScheduleTerms) => ScheduleTerms;
}

const schedulesOf = ({ stores: { schedules }, scheduler, now }: AppDeps) =>
  createSchedules({ schedules, scheduler, now });
const plannerOf = (person: Person): Actor => actorIn(person, planners) ?? actorOf(person);

/** Makes a schedule, or finds the one that the key made. */
export async function createSchedule(
  deps: AppDeps,
  { person, key, terms, at }: { person: Person; key: string; terms: ScheduleTerms; at: RequestAt },
) {
  const by = plannerOf(person);
  await tryRequest(deps, terms, at);
  const taken = await schedulesOf(deps).create({ scope: `plans/${by.id}`, key, terms, by });
  if (taken.kind === 'keyReused') throw new Problem('idempotencyKeyReused');
  return taken;
}

/** Changes what the body names. */
export async function changeSchedule(
  deps: AppDeps,
  call: ScheduleCall,
  { body, terms }: ScheduleChange,
  at: RequestAt,
): Promise<ScheduleRow> {
  const { schedule, person } = call;
  const after = terms(schedule.terms);
  if (!isDeepStrictEqual(after.request, schedule.terms.request)) await tryRequest(deps, after, at);
  const who = await whoSays(deps, call, 'change', body);
  const taken = await schedulesOf(deps).change(schedule.scheduleNumber, terms, who);
  return whatIsNow(taken, 'change', person);
}

/** Pauses, resumes or archives, with a reason. */
export async function sayToSchedule(
  deps: AppDeps,
  call: ScheduleCall,
  word: 'pause' | 'resume' | 'archive',
  said: { reason: string },
): Promise<ScheduleRow> {
  const who = await whoSays(deps, call, word, said);
  const taken = await schedulesOf(deps)[word](call.schedule.scheduleNumber, who);
  return whatIsNow(taken, word, call.person);
}

/** So many cases are opened at once. */
const most = 100;

/** Opens cases of nominal times gone by; gives the nominal times in the window, whatever became of them before. */
export async function backfillSchedule(
  deps: AppDeps,
  { schedule: { scheduleNumber }, person }: ScheduleCall,
  window: z.output<typeof backfillWindow>,
) {
  const now = deps.now();
  if (Date.parse(window.to) > Date.parse(now))
    throw invalid([{ pointer: '/to', detail: `not after ${now}` }]);
  const taken = await schedulesOf(deps).backfill(scheduleNumber, { ...window, limit: most });
  if (taken.kind === 'tooMany')
    throw invalid([{ pointer: '/from', detail: `at most ${most} nominal times at once` }]);
  if (taken.kind === 'notNow') throw notNow(taken.schedule, 'backfill', person);
  const { nominalTimes } = taken;
  const rounds = nominalTimes.length;
  await noteBackfill(deps, scheduleNumber, plannerOf(person), { ...window, rounds });
  return { nominalTimes };
}

const noteBackfill = (
  { stores, now }: AppDeps,
  scheduleNumber: string,
  actor: Actor,
  detail: object,
) =>
  stores.timeline.append({
    eventKey: `${scheduleNumber}/backfill/${randomUUID()}`,
    caseNumber: null,
    event: {
      kind: 'planBackfilled',
      at: now(),
      actor,
      reason: null,
      subject: scheduleNumber,
      updateId: null,
      detail: { ...detail },
    },
  });

/** Who says it and why, under the id by which a repetition with the same key finds its own act; null without a key. */
async function whoSays(
  deps: AppDeps,
  { schedule, person, key }: ScheduleCall,
  word: string,
  body: { reason: string },
) {
  const by = plannerOf(person);
  const scope = scopeOf(schedule.scheduleNumber, word, by);
  if (key !== undefined) await claimKey(deps, { scope, key, body, actor: by });
  return { by, reason: body.reason, actId: key === undefined ? null : actIdOf(scope, key) };
}

/** 422 by field for a request that the flow would not open with today. */
async function tryRequest(deps: AppDeps, terms: ScheduleTerms, at: RequestAt): Promise<void> {
  const { stores, parts, now } = deps;
  const errors = await problemsToday({ directory: stores.directory, parts, now }, terms);
  if (errors.length > 0)
    throw invalid(errors.map(({ pointer, detail }) => ({ pointer: `${at}${pointer}`, detail })));
}

function whatIsNow(taken: ScheduleTaken, word: string, person: Person): ScheduleRow {
  if (taken.kind === 'notNow') throw notNow(taken.schedule, word, person);
  return taken.schedule;
}

const notNow = (schedule: ScheduleRow, word: string, person: Person): Problem =>
  new Problem('illegalTransition', {
    detail: `${word}: it is ${schedule.status}`,
    more: {
      currentStatus: schedule.status,
      allowedActions: scheduleActionsFor(person, schedule),
    },
  });
