import type { Sql } from '../../db/connect.ts';
import { bar, gate, json, sameRequest, wasDone } from '../../db/effects.ts';
import { hashOf } from '../../db/hash.ts';
import type { Archive, RecordsEffects } from './index.ts';

type Request<Name extends keyof RecordsEffects> = Parameters<RecordsEffects[Name]>[0];
type Table = 'warranty_claims' | 'knowledge_articles' | 'archives';

// The number given the first time; a key that belongs to another request is refused.
async function numberGiven(
  sql: Sql,
  table: Table,
  column: string,
  effectKey: string,
  hash: string,
): Promise<string> {
  const [known] = await sql<{ number: string; hash: string }[]>`
    select ${sql(column)} as number, request_hash as hash from ${sql(table)} where effect_key = ${effectKey}`;
  sameRequest(effectKey, known?.hash ?? null, hash);
  return known?.number ?? '';
}

/** One claim per effect key; refused once it was withdrawn before it came (D3). */
export async function registerWarrantyClaim(sql: Sql, request: Request<'registerWarrantyClaim'>) {
  const hash = hashOf(request);
  const [fresh] = await sql<{ claimNumber: string }[]>`
    with fresh as (${gate(sql, request.effectKey, hash)})
    insert into warranty_claims (effect_key, request_hash, case_number, slip_number, lines)
    select ${request.effectKey}, ${hash}, ${request.caseNumber}, ${request.slipNumber}, ${json(sql, request.lines)}
    from fresh
    on conflict (effect_key) do nothing returning claim_number as "claimNumber"`;
  if (fresh) return fresh;
  return {
    claimNumber: await numberGiven(sql, 'warranty_claims', 'claim_number', request.effectKey, hash),
  };
}

/** Undo of a claim: it stands no longer, and never will when it has not come yet. */
export async function withdrawWarrantyClaim(sql: Sql, request: Request<'withdrawWarrantyClaim'>) {
  const { effectKey, claimKey, reason } = request;
  const hash = hashOf(request);
  await bar(sql, claimKey);
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    withdrawn as (
      update warranty_claims set withdrawn_at = clock_timestamp(), withdraw_reason = ${reason} from fresh
      where warranty_claims.effect_key = ${claimKey} and withdrawn_at is null
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
}

/** One article per effect key; its texts stay in the named documents. */
export async function fileKnowledge(sql: Sql, request: Request<'fileKnowledge'>) {
  const hash = hashOf(request);
  const [fresh] = await sql<{ articleNumber: string }[]>`
    insert into knowledge_articles (effect_key, request_hash, case_number, product_model, fault_code, cause_code,
      remedy_code, parts, documents)
    values (${request.effectKey}, ${hash}, ${request.caseNumber}, ${request.productModel}, ${request.faultCode},
      ${request.causeCode}, ${request.remedyCode}, ${json(sql, request.parts)}, ${request.documents})
    on conflict (effect_key) do nothing returning article_number as "articleNumber"`;
  if (fresh) return fresh;
  return {
    articleNumber: await numberGiven(
      sql,
      'knowledge_articles',
      'article_number',
      request.effectKey,
      hash,
    ),
  };
}

/** The archive code is customer number, case number and the day of closing; that of a later cycle ends with its count. */
export async function archiveCase(sql: Sql, request: Request<'archiveCase'>) {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { closedAt: _, retainUntil: __, ...told } = request;
  const hash = hashOf(told);
  const day = request.closedAt.slice(0, 10).replaceAll('-', '');
  const code = `${request.customerNumber}-${request.caseNumber}-${day}`;
  const [fresh] = await sql<{ archiveCode: string }[]>`
    insert into archives (archive_code, effect_key, request_hash, case_number, service_type, closed_at, retain_until)
    select ${code} || coalesce('-' || nullif(1 + count(*), 1), ''), ${request.effectKey}, ${hash}, ${request.caseNumber},
      ${request.serviceType}, ${request.closedAt}, ${request.retainUntil}
    from archives where case_number = ${request.caseNumber}
    on conflict (effect_key) do nothing returning archive_code as "archiveCode"`;
  if (fresh) return fresh;
  return {
    archiveCode: await numberGiven(sql, 'archives', 'archive_code', request.effectKey, hash),
  };
}

/** The latest archive entry of a case; null before it is archived. */
export async function archiveOf(sql: Sql, caseNumber: string): Promise<Archive | null> {
  const [row] = await sql<Archive[]>`
    select archive_code as "archiveCode", closed_at as "closedAt", retain_until as "retainUntil"
    from archives where case_number = ${caseNumber} order by closed_at desc limit 1`;
  return row ?? null;
}
