import { desc, eq, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../../db/drizzle.ts';
import { sameRequest } from '../../db/effects.ts';
import { bar, gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import { archives as archive, knowledgeArticles, warrantyClaims } from '../../db/schema.ts';
import { names, row, rows, set, statement } from '../../db/statement.ts';
import type { RecordsEffects } from './index.ts';

type Request<Name extends keyof RecordsEffects> = Parameters<RecordsEffects[Name]>[0];

interface Filing extends PgTable {
  effectKey: PgColumn;
  requestHash: PgColumn;
}

/** The number given the first time; a key that belongs to another request is refused. */
function numbersOf(table: Filing, column: PgColumn) {
  const known = statement((db, effectKey: string) =>
    db
      .select({ number: sql<string>`${column}`, hash: sql<string>`${table.requestHash}` })
      .from(table)
      .where(eq(table.effectKey, effectKey)),
  );
  return async (db: Db, effectKey: string, hash: string): Promise<string> => {
    const [given] = await known(db, effectKey);
    sameRequest(effectKey, given?.hash ?? null, hash);
    return given?.number ?? '';
  };
}

/** One claim per effect key; refused once it was withdrawn before it came (D3). */
export async function registerWarrantyClaim(db: Db, request: Request<'registerWarrantyClaim'>) {
  const hash = hashOf(request);
  const [fresh] = await insertClaim(db, request, hash);
  return fresh ?? { claimNumber: await claimGiven(db, request.effectKey, hash) };
}

const claimGiven = numbersOf(warrantyClaims, warrantyClaims.claimNumber);
const insertClaim = statement((db, request: Request<'registerWarrantyClaim'>, hash: string) => {
  const { effectKey, caseNumber, slipNumber, lines } = request;
  return rows(
    db,
    { claimNumber: warrantyClaims.claimNumber },
    (answer) => sql`
    with fresh as (${gate(effectKey, hash)})
    insert into ${warrantyClaims}
      ${row(warrantyClaims, { effectKey, requestHash: hash, caseNumber, slipNumber, lines })} from fresh
    on conflict (${names(warrantyClaims.effectKey)}) do nothing returning ${answer}`,
  );
});

/** Undo of claiming: no claim of the case stands any longer, whatever its key, and the named one never will when it has not come yet. */
export async function withdrawWarrantyClaim(db: Db, request: Request<'withdrawWarrantyClaim'>) {
  const hash = hashOf(request);
  await bar(db, request.claimKey);
  const [done] = await withdrawClaim(db, request, hash);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const withdrawClaim = statement((db, request: Request<'withdrawWarrantyClaim'>, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(request.effectKey, hash)}),
    withdrawn as (
      update ${warrantyClaims} set ${set(warrantyClaims, {
        withdrawnAt: sql`clock_timestamp()`,
        withdrawReason: request.reason,
      })} from fresh
      where ${warrantyClaims.caseNumber} = ${request.caseNumber} and ${warrantyClaims.withdrawnAt} is null
    )
    select from fresh`),
);

/** One article per effect key; its texts stay in the named documents. */
export async function fileKnowledge(db: Db, request: Request<'fileKnowledge'>) {
  const hash = hashOf(request);
  const [fresh] = await insertArticle(db, request, hash);
  return fresh ?? { articleNumber: await articleGiven(db, request.effectKey, hash) };
}

const articleGiven = numbersOf(knowledgeArticles, knowledgeArticles.articleNumber);
const insertArticle = statement((db, request: Request<'fileKnowledge'>, requestHash: string) => {
  const { effectKey, caseNumber, productModel, faultCode, causeCode, remedyCode } = request;
  const { parts, documents } = request;
  const fault = { productModel, faultCode, causeCode, remedyCode };
  return rows(
    db,
    { articleNumber: knowledgeArticles.articleNumber },
    (answer) => sql`
    insert into ${knowledgeArticles}
      ${row(knowledgeArticles, { effectKey, requestHash, caseNumber, ...fault, parts, documents })}
    on conflict (${names(knowledgeArticles.effectKey)}) do nothing returning ${answer}`,
  );
});

/** The archive code is customer number, case number and the day of closing; that of a later cycle ends with its count. */
export async function archiveCase(db: Db, request: Request<'archiveCase'>) {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { closedAt: _, retainUntil: __, ...content } = request;
  const hash = hashOf(content);
  const [fresh] = await insertArchive(db, request, hash);
  return fresh ?? { archiveCode: await codeGiven(db, request.effectKey, hash) };
}

const codeGiven = numbersOf(archive, archive.archiveCode);
const insertArchive = statement((db, request: Request<'archiveCase'>, requestHash: string) => {
  const { effectKey, customerNumber, caseNumber, serviceType, closedAt, retainUntil } = request;
  const code = `${customerNumber}-${caseNumber}-${closedAt.slice(0, 10).replaceAll('-', '')}`;
  return rows(
    db,
    { archiveCode: archive.archiveCode },
    (answer) => sql`
    insert into ${archive} ${row(archive, {
      archiveCode: sql`${code} || coalesce('-' || nullif(1 + count(*), 1), '')`,
      effectKey,
      requestHash,
      caseNumber,
      serviceType,
      closedAt,
      retainUntil,
    })} from ${archive} where ${archive.caseNumber} = ${caseNumber}
    on conflict (${names(archive.effectKey)}) do nothing returning ${answer}`,
  );
});

/** The latest archive entry of a case; no row before it is archived. */
export const archives = statement((db, caseNumber: string) =>
  db
    .select({
      archiveCode: archive.archiveCode,
      closedAt: archive.closedAt,
      retainUntil: archive.retainUntil,
    })
    .from(archive)
    .where(eq(archive.caseNumber, caseNumber))
    .orderBy(desc(archive.closedAt))
    .limit(1),
);
