import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { decodeCursor, encodeCursor, isNumber, listPage, type Page } from '../../db/cursor.ts';
import type { Db } from '../../db/drizzle.ts';
import { sameRequest } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import { cases, correctiveActions, effectChecks, failureRecords } from '../../db/schema.ts';
import { row, rows, statement } from '../../db/statement.ts';
import { defectKey, type Trend } from '../../domain/recurrence.ts';
import type { DefectsEffects, FailureFilter, FailureRecord } from './index.ts';

/** A page of failure records, newest first. */
export async function failures(db: Db, filter: FailureFilter): Promise<Page<FailureRecord>> {
  const before = decodeCursor('failure-records', filter.cursor, isNumber)?.[0];
  const found = await failuresBefore(db, filter, before);
  return listPage(found, filter.limit, (last) => encodeCursor('failure-records', [last.seq]));
}

const failuresBefore = statement((db, filter: FailureFilter, before: number | undefined) => {
  const { productModel, faultCode, limit } = filter;
  const latest = latestCheck(db);
  return db
    .select({
      seq: failureRecords.seq,
      caseNumber: failureRecords.caseNumber,
      cycle: failureRecords.cycle,
      productModel: failureRecords.productModel,
      serialNumber: failureRecords.serialNumber,
      faultCode: failureRecords.faultCode,
      causeCode: failureRecords.causeCode,
      remedyCode: failureRecords.remedyCode,
      failedAt: failureRecords.failedAt,
      recordedAt: failureRecords.recordedAt,
      state: sql<
        FailureRecord['state']
      >`case when ${latest.confirmed} then 'closed' else 'open' end`,
    })
    .from(failureRecords)
    .leftJoinLateral(latest, sql`true`)
    .where(
      and(
        productModel === undefined ? undefined : eq(failureRecords.productModel, productModel),
        faultCode === undefined ? undefined : eq(failureRecords.faultCode, faultCode),
        before === undefined ? undefined : lt(failureRecords.seq, before),
      ),
    )
    .orderBy(desc(failureRecords.seq))
    .limit(limit + 1);
});

// Whether the latest check of the fault found effective what was put in place after the failure.
const latestCheck = (db: Db) =>
  db
    .select({
      confirmed:
        sql<boolean>`${effectChecks.effective} and ${failureRecords.failedAt} < ${correctiveActions.inPlaceAt}`.as(
          'confirmed',
        ),
    })
    .from(correctiveActions)
    .innerJoin(
      effectChecks,
      and(
        eq(effectChecks.caseNumber, correctiveActions.caseNumber),
        eq(effectChecks.cycle, correctiveActions.cycle),
      ),
    )
    .where(
      and(
        eq(correctiveActions.faultCode, failureRecords.faultCode),
        sql`${failureRecords.productModel} = any(${correctiveActions.affectedModels})`,
      ),
    )
    .orderBy(desc(effectChecks.checkedAt))
    .limit(1)
    .as('latest');

type Recording = Parameters<DefectsEffects['recordFailure']>[0];

/** One record per case and cycle, and what it and its like say together. */
export async function recordFailure(db: Db, request: Recording): Promise<Trend> {
  const hash = hashOf(request);
  await insertFailure(db, request, hash);
  // Read by a statement of its own: of many that record at once, the last one sees all.
  const [known] = await failureUnder(db, request.effectKey);
  sameRequest(request.effectKey, known?.hash ?? null, hash);
  const [trend] = await trendOf(db, request);
  return trend ?? { serials: [], report: null };
}

const insertFailure = statement((db, request: Recording, requestHash: string) => {
  const { caseNumber, cycle, effectKey, productModel, serialNumber, faultCode } = request;
  const { causeCode, remedyCode, failedAt } = request;
  return db.execute(sql`
    insert into ${failureRecords} ${row(failureRecords, {
      caseNumber,
      cycle,
      effectKey,
      requestHash,
      productModel,
      serialNumber,
      faultCode,
      causeCode,
      remedyCode,
      failedAt,
    })} on conflict do nothing`);
});

const failureUnder = statement((db, effectKey: string) =>
  db
    .select({ hash: failureRecords.requestHash })
    .from(failureRecords)
    .where(eq(failureRecords.effectKey, effectKey)),
);

/** Failures that a report which was closed has dealt with do not count again, nor any while one is at work. */
const trendOf = statement((db, { productModel, faultCode, failedAt, windowMs }: Recording) => {
  const key = defectKey(productModel, faultCode);
  const ofFault = sql`${cases.flow} = 'defectReport' and ${cases.twinKey} = ${key}`;
  const report = sql<string | null>`(
    select ${cases.caseNumber} from ${cases} where ${ofFault} and ${cases.isOpen}
    union all
    select ${correctiveActions.caseNumber} from ${correctiveActions}
    where ${correctiveActions.faultCode} = ${faultCode} and ${productModel} = any(${correctiveActions.affectedModels})
      and not exists (select from ${effectChecks} where ${effectChecks.caseNumber} = ${correctiveActions.caseNumber}
        and ${effectChecks.cycle} = ${correctiveActions.cycle})
    limit 1)`;
  const serials = sql<string[]>`coalesce(jsonb_agg(distinct ${failureRecords.serialNumber}), '[]')`;
  return rows(
    db,
    { serials, report },
    (answer) => sql`
    select ${answer} from ${failureRecords}
    where ${failureRecords.productModel} = ${productModel} and ${failureRecords.faultCode} = ${faultCode}
      and ${failureRecords.failedAt} > ${failedAt}::timestamptz - ${windowMs} * interval '1 millisecond'
      and ${failureRecords.failedAt} > coalesce((select max(${cases.closedAt}) from ${cases}
        where ${ofFault} and ${cases.status} = 'closed'), '-infinity')`,
  );
});
