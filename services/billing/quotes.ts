import type { Sql } from '../../db/connect.ts';
import { bar, gate, json, retrying, sameRequest, wasDone } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { totalOf } from '../../domain/charge.ts';
import type { BillingEffects } from './index.ts';

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

type Presented = Awaited<ReturnType<BillingEffects['presentQuote']>>;

// Two quotes of one case at once: the second takes the next revision.
const isRevisionTaken = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'quotes_pkey';

/** Writes the next revision of a case's quote; one that nobody answered is superseded by it. */
export async function presentQuote(sql: Sql, request: Request<'presentQuote'>): Promise<Presented> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, presentedAt, validUntil, ...told } = request;
  const hash = hashOf(told);
  await retrying(
    () => sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    next as (select coalesce(max(revision), 0) + 1 as revision from quotes where case_number = ${told.caseNumber}),
    superseded as (
      update quotes q set status = 'superseded', settled_at = ${presentedAt}::timestamptz from fresh
      where q.case_number = ${told.caseNumber} and q.status = 'presented'
    )
    insert into quotes (case_number, revision, effect_key, request_hash, tariff_version, currency, lines, total_minor,
      presented_at, valid_until)
    select ${told.caseNumber}, revision, ${effectKey}, ${hash}, ${told.tariffVersion}, ${told.currency},
      ${json(sql, told.lines)}, ${totalOf(told.lines)}, ${presentedAt}, ${validUntil} from fresh, next`,
    isRevisionTaken,
  );
  const [known] = await sql<(Presented & { hash: string })[]>`
    select revision, total_minor as "totalMinor", valid_until as "validUntil", request_hash as hash from quotes where effect_key = ${effectKey}`;
  if (!known && !(await wasDone(sql, effectKey, hash)))
    throw new ServiceFailure('Contention', 'the quote is being written');
  sameRequest(effectKey, known?.hash ?? null, hash);
  const { hash: _, ...presented } = { revision: 0, totalMinor: 0, validUntil, hash, ...known };
  return presented;
}

/** Says what became of a presented revision; an accepted one takes the place of the one accepted before. */
export async function settleQuote(sql: Sql, request: Request<'settleQuote'>): Promise<void> {
  const { effectKey, at, ...told } = request;
  const { caseNumber, revision, status } = told;
  const hash = hashOf(told);
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    open as (
      select from fresh, quotes where case_number = ${caseNumber} and revision = ${revision} and status = 'presented'
    ), settled as (
      update quotes q set settled_at = ${at}::timestamptz,
        status = case when q.revision = ${revision} then ${status}::text else 'superseded' end
      from open where q.case_number = ${caseNumber} and (q.revision = ${revision}
        or (${status}::text = 'accepted' and q.status = 'accepted'))
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
}

/** Undo of quoting: what still binds the company binds it no longer. */
export async function withdrawQuotes(sql: Sql, request: Request<'withdrawQuotes'>): Promise<void> {
  const hash = hashOf(request);
  await bar(sql, request.quoteKey);
  const [done] = await sql`
    with fresh as (${gate(sql, request.effectKey, hash)}),
    withdrawn as (
      update quotes q set status = 'withdrawn', settled_at = clock_timestamp() from fresh
      where q.case_number = ${request.caseNumber} and q.status in ('presented', 'accepted')
    )
    select from fresh`;
  if (!done) await wasDone(sql, request.effectKey, hash);
}
