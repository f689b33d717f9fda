import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import {
  assets,
  caseCycles,
  caseEvents,
  cases,
  correctiveActions,
  effectChecks,
  failureRecords,
} from '../../db/schema.ts';
import { names, object, param, row, rows, set, statement } from '../../db/statement.ts';
import { type EffectCheck, isEffective, type Recurrence } from '../../domain/recurrence.ts';
import { untilHeard } from '../cases/open-row.ts';
import type { DefectsEffects } from './index.ts';

type Request<Name extends keyof DefectsEffects> = Parameters<DefectsEffects[Name]>[0];

/** What is in place, and on which units: once per case and cycle. */
export async function registerAction(db: Db, request: Request<'registerAction'>): Promise<void> {
  const hash = hashOf(request);
  await insertAction(db, request, hash);
  const [known] = await actionUnder(db, request.effectKey);
  sameRequest(request.effectKey, known?.hash ?? null, hash);
}

const insertAction = statement((db, request: Request<'registerAction'>, requestHash: string) => {
  const { caseNumber, cycle, effectKey, productModel, faultCode, actionCode } = request;
  const { affectedModels, treatedSerials, inPlaceAt, checkAt } = request;
  return db.execute(sql`
    insert into ${correctiveActions} ${row(correctiveActions, {
      caseNumber,
      cycle,
      effectKey,
      requestHash,
      productModel,
      faultCode,
      actionCode,
      affectedModels,
      treatedSerials,
      inPlaceAt,
      checkAt,
    })} on conflict do nothing`);
});

const actionUnder = statement((db, effectKey: string) =>
  db
    .select({ hash: correctiveActions.requestHash })
    .from(correctiveActions)
    .where(eq(correctiveActions.effectKey, effectKey)),
);

/** Counts, judges and keeps the verdict; one that failed begins the report's next cycle, unless another report is at it already. */
export async function checkEffect(db: Db, request: Request<'checkEffect'>): Promise<EffectCheck> {
  const [before] = await effectCheckOf(db, request);
  if (before) return before;
  const seen = await recurrenceOf(db, request);
  const effective = isEffective(seen, request.atMostPercent);
  await retrying(() => keepVerdict(db, request, seen, effective), isTwinOpening);
  const [kept] = await effectCheckOf(db, request);
  if (!kept) throw new ServiceFailure('Contention', 'the effect check is being written');
  return kept;
}

/** The verdict on the action of that cycle; no row before its check. */
export const effectCheckOf = statement((db, asked: Request<'effectCheckOf'>) =>
  db
    .select({
      effective: effectChecks.effective,
      treated: { units: effectChecks.treatedUnits, failures: effectChecks.treatedFailures },
      prior: { units: effectChecks.priorUnits, failures: effectChecks.priorFailures },
      atMostPercent: effectChecks.atMostPercent,
      checkedAt: effectChecks.checkedAt,
      nextCycle: effectChecks.nextCycle,
      openReport: effectChecks.openReport,
    })
    .from(effectChecks)
    .where(and(eq(effectChecks.caseNumber, asked.caseNumber), eq(effectChecks.cycle, asked.cycle))),
);

async function recurrenceOf(db: Db, request: Request<'checkEffect'>): Promise<Recurrence> {
  const [seen] = await countUnits(db, request);
  if (seen) return seen;
  const { caseNumber, cycle } = request;
  throw new ServiceFailure('UnknownCase', `${caseNumber} has no action in cycle ${cycle}`);
}

/** Every unit that the action is about is watched for one window before it; afterwards it is treated, or goes on as prior. */
const countUnits = statement((db, { caseNumber, cycle }: Request<'checkEffect'>) => {
  const { treatedSerials, affectedModels, inPlaceAt, checkAt } = correctiveActions;
  const watched = {
    treated: object({
      units: sql<number>`units.treated`,
      failures: sql<number>`counted.treated`,
    }),
    prior: object({
      units: sql<number>`2 * units.known - units.treated`,
      failures: sql<number>`counted.prior`,
    }),
  };
  return rows(
    db,
    watched,
    (answer) => sql`
    with action as (
      select *, ${inPlaceAt} - (${checkAt} - ${inPlaceAt}) as watched_from from ${correctiveActions}
      where ${correctiveActions.caseNumber} = ${caseNumber} and ${correctiveActions.cycle} = ${cycle}
    ), units as (
      select count(*)::int as known, count(*) filter (
        where ${treatedSerials} is null or ${assets.serialNumber} = any(${treatedSerials}))::int as treated
      from action as ${correctiveActions} join ${assets}
        on ${assets.productModel} = any(${affectedModels}) or ${assets.serialNumber} = any(${treatedSerials})
    ), failed as (
      select ${failureRecords.failedAt} >= ${inPlaceAt}
        and (${treatedSerials} is null or ${failureRecords.serialNumber} = any(${treatedSerials})) as treated
      from action as ${correctiveActions} join ${failureRecords}
        on ${failureRecords.faultCode} = ${correctiveActions.faultCode}
        and (${failureRecords.productModel} = any(${affectedModels})
          or ${failureRecords.serialNumber} = any(${treatedSerials}))
        and ${failureRecords.failedAt} >= watched_from and ${failureRecords.failedAt} < ${checkAt}
    ), counted as (
      select count(*) filter (where treated)::int as treated, count(*) filter (where not treated)::int as prior from failed
    )
    select ${answer} from units, counted where exists (select from action)`,
  );
});

// Two at once: a new report of this model and fault opens while this one would go on. The next attempt sees it.
const isTwinOpening = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'cases_duplicate';

const keepVerdict = statement(
  (db, request: Request<'checkEffect'>, { treated, prior }: Recurrence, effective: boolean) => {
    const { effectKey, caseNumber, cycle, atMostPercent, checkedAt, firstStage } = request;
    const verdict = { state: effective ? 'effective' : 'failed', treated, prior, checkedAt };
    const twin = alias(cases, 'twin');
    return db.execute(sql`
    with report as (
      select ${cases.caseNumber}, ${cases.view}, ${cases.cycle} = ${cycle} and not ${cases.isOpen} as rests, (
        select ${twin.caseNumber} from ${cases} as ${twin} where ${twin.flow} = ${cases.flow}
          and ${twin.twinKey} = ${cases.twinKey} and ${twin.isOpen} and ${twin.caseNumber} <> ${cases.caseNumber}
        order by ${twin.seq} limit 1) as twin
      from ${cases} where ${cases.caseNumber} = ${caseNumber}
    ), checked as (
      insert into ${effectChecks} ${row(effectChecks, {
        caseNumber: sql`case_number`,
        cycle,
        effectKey,
        requestHash: hashOf({ effectKey, caseNumber, cycle }),
        treatedUnits: treated.units,
        treatedFailures: treated.failures,
        priorUnits: prior.units,
        priorFailures: prior.failures,
        atMostPercent,
        effective,
        checkedAt,
        nextCycle: sql`case when not ${effective} and rests and twin is null then ${cycle}::int + 1 end`,
        openReport: sql`case when ${effective} then null when twin is not null then twin
          when not rests then case_number end`,
      })} from report on conflict (${names(effectChecks.effectKey)}) do nothing
      returning ${effectChecks.nextCycle}, ${effectChecks.openReport}
    ), kept as (
      update ${caseCycles} set ${set(caseCycles, { closingView: sql`report.view` })} from report, checked
      where ${caseCycles.caseNumber} = report.case_number and ${caseCycles.cycle} = ${cycle} and next_cycle is not null
    ), shown as (
      update ${cases} set ${set(cases, {
        view: sql`jsonb_set(${cases.view}, '{facts,effectCheck}',
          ${param(verdict)}::jsonb || jsonb_build_object('openReport', open_report))`,
      })} from checked
      where ${cases.caseNumber} = ${caseNumber} and next_cycle is null and ${cases.cycle} = ${cycle} and not ${cases.isOpen}
    )
    update ${cases} set ${set(cases, {
      cycle: sql`next_cycle`,
      revision: -1,
      status: 'new',
      stage: firstStage,
      alertLevel: 0,
      assignee: null,
      nextDueAt: null,
      closedAt: null,
      runId: null,
      startedAt: null,
      view: sql`${cases.view} || ${param(newCycle(request))}::jsonb || jsonb_build_object('cycle', next_cycle)`,
    })} from checked where ${cases.caseNumber} = ${caseNumber} and next_cycle is not null`);
  },
);

/** What the case shows until the workflow of its next cycle has spoken. */
const newCycle = ({ firstStage, checkedAt }: Request<'checkEffect'>) => ({
  ...untilHeard(firstStage, checkedAt),
  completedAt: null,
});

/** A line on the timeline of every case that the report came from: the one that it was found in, those that would have opened it
 *  too, and all whose failure counted. */
export const noteOnSources = statement((db, request: Request<'noteOnSources'>) => {
  const { effectKey, caseNumber, note, at, detail, windowMs } = request;
  const source = {
    caseNumber: cases.caseNumber,
    serialNumber: sql<string>`coalesce(${cases.serialNumber}, '–')`,
    customerNumber: cases.customerNumber,
  };
  return rows(
    db,
    source,
    (answer) => sql`
    with report as (
      select ${cases.plan}->'source'->>'caseNumber' as found_in, ${cases.plan}->>'productModel' as product_model,
        ${cases.faultCode}, ${cases.openedAt} - ${windowMs} * interval '1 millisecond' as since
      from ${cases} where ${cases.caseNumber} = ${caseNumber}
    ), named as (
      select found_in as case_number from report union
      select ${caseEvents.caseNumber} from ${caseEvents}
      where ${caseEvents.kind} = 'caseLinked' and ${caseEvents.detail}->>'caseNumber' = ${caseNumber} union
      select ${failureRecords.caseNumber} from report join ${failureRecords}
        on ${failureRecords.productModel} = report.product_model and ${failureRecords.faultCode} = report.fault_code
        and ${failureRecords.failedAt} > report.since
    ), source as (
      select ${cases}.* from ${cases} join named on named.case_number = ${cases.caseNumber}
      order by ${cases.seq} desc limit 200
    ), noted as (
      insert into ${caseEvents} ${row(caseEvents, {
        eventKey: sql`${`${effectKey}/`} || case_number`,
        caseNumber: sql`case_number`,
        kind: note,
        at,
        actorId: 'system:flow',
        actorRole: 'system',
        subject: caseNumber,
        detail,
      })} from source on conflict (${names(caseEvents.eventKey)}) do nothing
    )
    select ${answer} from source as ${cases} order by 1`,
  );
});
