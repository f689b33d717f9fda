import type { Sql } from '../../db/connect.ts';
import { gate, json, sameRequest, wasDone } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { hashOf } from '../../db/hash.ts';
import { chargesOf } from './charges.ts';
import type { BillingEffects, BillingService } from './index.ts';
import { issueInvoice, recordPayment, refund, voidInvoice } from './money.ts';
import { presentQuote, settleQuote, withdrawQuotes } from './quotes.ts';

/** Quotes, invoices, payments and decisions on our own database. */
export const createBilling = (sql: Sql): BillingService => ({
  effects: {
    priceParts: (request) => priceParts(sql, request),
    fileDecision: (request) => fileDecision(sql, request),
    presentQuote: (request) => presentQuote(sql, request),
    settleQuote: (request) => settleQuote(sql, request),
    withdrawQuotes: (request) => withdrawQuotes(sql, request),
    issueInvoice: (request) => issueInvoice(sql, request),
    voidInvoice: (request) => voidInvoice(sql, request),
    recordPayment: (request) => recordPayment(sql, request),
    refund: (request) => refund(sql, request),
    settleProvider: (request) => settleProvider(sql, request),
    recordOldPartChoices: (request) => recordOldPartChoices(sql, request),
  },
  questions: {
    charges: (caseNumber) => chargesOf(sql, caseNumber),
  },
});

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

const priceParts = (sql: Sql, request: Request<'priceParts'>) => sql<
  { partNumber: string; unitPriceMinor: number }[]
>`
  select part_number as "partNumber", unit_price_minor as "unitPriceMinor" from tariff_parts
  where version = ${request.tariffVersion} and part_number = any(${request.partNumbers}::text[]) order by part_number`;

/** One decision per effect key, with who decided and why; why it was asked stands in the case's row (D9). */
async function fileDecision(sql: Sql, request: Request<'fileDecision'>): Promise<void> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, at, ...told } = request;
  const hash = hashOf(told);
  const filed = await sql`
    insert into service_decisions (effect_key, request_hash, case_number, kind, decision, asked_because, reason, by_id, at)
    select ${effectKey}, ${hash}, case_number, ${told.kind}, ${told.decision},
      case when ${told.kind}::text = 'specialUser' then special_user_reason end, ${told.reason}, ${told.by.id}, ${at}
    from cases where case_number = ${told.caseNumber}
    on conflict (effect_key) do nothing returning 1`;
  if (filed.length > 0) return;
  const [known] = await sql<{ hash: string }[]>`
    select request_hash as hash from service_decisions where effect_key = ${effectKey}`;
  sameRequest(effectKey, known?.hash ?? null, hash);
}

/** One settlement per effect key; the provider is the engineer's. */
async function settleProvider(sql: Sql, request: Request<'settleProvider'>) {
  const { effectKey, engineerNumber } = request;
  const hash = hashOf(request);
  const settled = () => sql<{ settlementNumber: string; provider: string | null; hash: string }[]>`
    select settlement_number as "settlementNumber", provider, request_hash as hash from provider_settlements
    where effect_key = ${effectKey}`;
  await sql`
    insert into provider_settlements (effect_key, request_hash, case_number, engineer_number, provider, basis,
      labor_minutes, parts)
    select ${effectKey}, ${hash}, ${request.caseNumber}, engineer_number, provider, ${request.basis},
      ${request.laborMinutes}, ${json(sql, request.parts)}
    from engineers where engineer_number = ${engineerNumber}
    on conflict (effect_key) do nothing`;
  const [known] = await settled();
  if (!known) throw new ServiceFailure('UnknownEngineer', `no engineer ${engineerNumber}`);
  sameRequest(effectKey, known.hash, hash);
  return { settlementNumber: known.settlementNumber, provider: known.provider };
}

async function recordOldPartChoices(
  sql: Sql,
  request: Request<'recordOldPartChoices'>,
): Promise<void> {
  const { effectKey, caseNumber, keep, handOver } = request;
  const hash = hashOf(request);
  const chosen = [
    ...keep.map((line) => ({ ...line, choice: 'keep' })),
    ...handOver.map((line) => ({ ...line, choice: 'handOver' })),
  ];
  const [done] = await sql`
    with fresh as (${gate(sql, effectKey, hash)}),
    kept as (
      insert into old_part_choices (case_number, part_number, old_part_serial, choice, effect_key)
      select distinct on ("partNumber", serial) ${caseNumber}, "partNumber", serial, choice, ${effectKey}
      from fresh, jsonb_to_recordset(${json(sql, chosen)}::jsonb) as c ("partNumber" text, "oldPartSerials" jsonb, choice text),
        jsonb_array_elements_text("oldPartSerials") as serial
      on conflict (case_number, part_number, old_part_serial) do update set choice = excluded.choice
    )
    select from fresh`;
  if (!done) await wasDone(sql, effectKey, hash);
}
