import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/drizzle.ts';
import { retrying, sameRequest } from '../../db/effects.ts';
import { codeOf, constraintOf, ServiceFailure } from '../../db/failures.ts';
import { bar, gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import { quotes } from '../../db/schema.ts';
import { row, set, statement } from '../../db/statement.ts';
import { totalOf } from '../../domain/charge.ts';
import type { BillingEffects } from './index.ts';

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

type Presented = Awaited<ReturnType<BillingEffects['presentQuote']>>;

// Two quotes of one case at once: the second takes the next revision.
const isRevisionTaken = (error: unknown): boolean =>
  codeOf(error) === '23505' && constraintOf(error) === 'quotes_pkey';

/** Writes the next revision of a case's quote; one that nobody answered is superseded by it. */
export async function presentQuote(db: Db, request: Request<'presentQuote'>): Promise<Presented> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, presentedAt: _presentedAt, validUntil, ...content } = request;
  const hash = hashOf(content);
  await retrying(() => insertQuote(db, request, hash), isRevisionTaken);
  const [known] = await quoteUnder(db, effectKey);
  if (!known && !(await wasDone(db, effectKey, hash)))
    throw new ServiceFailure('Contention', 'the quote is being written');
  sameRequest(effectKey, known?.hash ?? null, hash);
  const { hash: _, ...presented } = { revision: 0, totalMinor: 0, validUntil, hash, ...known };
  return presented;
}

const insertQuote = statement((db, request: Request<'presentQuote'>, requestHash: string) => {
  const { effectKey, caseNumber, tariffVersion, currency, lines, presentedAt, validUntil } =
    request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, requestHash)}),
    next as (
      select coalesce(max(${quotes.revision}), 0) + 1 as revision from ${quotes} where ${quotes.caseNumber} = ${caseNumber}
    ), superseded as (
      update ${quotes} set ${set(quotes, { status: 'superseded', settledAt: presentedAt })} from fresh
      where ${quotes.caseNumber} = ${caseNumber} and ${quotes.status} = 'presented'
    )
    insert into ${quotes} ${row(quotes, {
      caseNumber,
      revision: sql`revision`,
      effectKey,
      requestHash,
      tariffVersion,
      currency,
      lines,
      totalMinor: totalOf(lines),
      presentedAt,
      validUntil,
    })} from fresh, next`);
});

const quoteUnder = statement((db, effectKey: string) =>
  db
    .select({
      revision: quotes.revision,
      totalMinor: quotes.totalMinor,
      validUntil: quotes.validUntil,
      hash: quotes.requestHash,
    })
    .from(quotes)
    .where(eq(quotes.effectKey, effectKey)),
);

/** Says what became of a presented revision; an accepted one takes the place of the one accepted before. */
export async function settleQuote(db: Db, request: Request<'settleQuote'>): Promise<void> {
  const { effectKey, at: _, ...content } = request;
  const hash = hashOf(content);
  const [done] = await updateSettled(db, request, hash);
  if (!done) await wasDone(db, effectKey, hash);
}

const updateSettled = statement((db, request: Request<'settleQuote'>, hash: string) => {
  const { effectKey, caseNumber, revision, status, at } = request;
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    open as (
      select from fresh, ${quotes}
      where ${quotes.caseNumber} = ${caseNumber} and ${quotes.revision} = ${revision} and ${quotes.status} = 'presented'
    ), settled as (
      update ${quotes} set ${set(quotes, {
        settledAt: at,
        status: sql`case when ${quotes.revision} = ${revision} then ${status}::text else 'superseded' end`,
      })} from open where ${quotes.caseNumber} = ${caseNumber} and (${quotes.revision} = ${revision}
        or (${status}::text = 'accepted' and ${quotes.status} = 'accepted'))
    )
    select from fresh`);
});

/** Undo of quoting: what still binds the company binds it no longer. */
export async function withdrawQuotes(db: Db, request: Request<'withdrawQuotes'>): Promise<void> {
  const hash = hashOf(request);
  await bar(db, request.quoteKey);
  const [done] = await updateWithdrawn(db, request, hash);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const updateWithdrawn = statement((db, request: Request<'withdrawQuotes'>, hash: string) =>
  db.execute(sql`
    with fresh as (${gate(request.effectKey, hash)}),
    withdrawn as (
      update ${quotes} set ${set(quotes, { status: 'withdrawn', settledAt: sql`clock_timestamp()` })} from fresh
      where ${quotes.caseNumber} = ${request.caseNumber} and ${quotes.status} in ('presented', 'accepted')
    )
    select from fresh`),
);
