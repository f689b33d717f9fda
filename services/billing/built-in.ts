import { and, eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { sameRequest } from '../../db/effects.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { gate, wasDone } from '../../db/gate.ts';
import { hashOf } from '../../db/hash.ts';
import {
  cases,
  engineers,
  oldPartChoices,
  providerSettlements,
  serviceDecisions,
  tariffParts,
} from '../../db/schema.ts';
import { excluded, names, param, row, set, statement } from '../../db/statement.ts';
import { chargesOf } from './charges.ts';
import type { BillingEffects, BillingService } from './index.ts';
import { issueInvoice, recordPayment, refund, voidInvoice } from './money.ts';
import { presentQuote, settleQuote, withdrawQuotes } from './quotes.ts';

/** Quotes, invoices, payments and decisions on our own database. */
export function createBilling(client: Sql): BillingService {
  const db = drizzle(client);
  return {
    effects: {
      priceParts: (request) => priceParts(db, request),
      fileDecision: (request) => fileDecision(db, request),
      presentQuote: (request) => presentQuote(db, request),
      settleQuote: (request) => settleQuote(db, request),
      withdrawQuotes: (request) => withdrawQuotes(db, request),
      issueInvoice: (request) => issueInvoice(db, request),
      voidInvoice: (request) => voidInvoice(db, request),
      recordPayment: (request) => recordPayment(db, request),
      refund: (request) => refund(db, request),
      settleProvider: (request) => settleProvider(db, request),
      recordOldPartChoices: (request) => recordOldPartChoices(db, request),
    },
    questions: {
      async charges(caseNumber) {
        const [charges] = await chargesOf(db, caseNumber);
        if (!charges) throw new Error('a select of one row gives one row');
        return charges;
      },
    },
  };
}

type Request<Name extends keyof BillingEffects> = Parameters<BillingEffects[Name]>[0];

const priceParts = statement((db, { tariffVersion, partNumbers }: Request<'priceParts'>) =>
  db
    .select({ partNumber: tariffParts.partNumber, unitPriceMinor: tariffParts.unitPriceMinor })
    .from(tariffParts)
    .where(
      and(
        eq(tariffParts.version, tariffVersion),
        sql`${tariffParts.partNumber} = any(${param(partNumbers)}::text[])`,
      ),
    )
    .orderBy(tariffParts.partNumber),
);

/** One decision per effect key, with who decided and why; why it was asked stands in the case's row (D9). */
async function fileDecision(db: Db, request: Request<'fileDecision'>): Promise<void> {
  // a step of the workflow that was lost tells it anew, at a later instant: the first telling stands
  const { effectKey, at: _, ...content } = request;
  const hash = hashOf(content);
  const [filed] = await insertDecision(db, request, hash);
  if (filed) return;
  const [known] = await decisionUnder(db, effectKey);
  sameRequest(effectKey, known?.hash ?? null, hash);
}

const insertDecision = statement((db, request: Request<'fileDecision'>, requestHash: string) => {
  const { effectKey, caseNumber, kind, decision, reason, by, at } = request;
  return db.execute(sql`
    insert into ${serviceDecisions} ${row(serviceDecisions, {
      effectKey,
      requestHash,
      caseNumber: sql`${cases.caseNumber}`,
      kind,
      decision,
      askedBecause: sql`case when ${kind}::text = 'specialUser' then ${cases.specialUserReason} end`,
      reason,
      byId: by.id,
      at,
    })} from ${cases} where ${cases.caseNumber} = ${caseNumber}
    on conflict (${names(serviceDecisions.effectKey)}) do nothing returning 1`);
});

const decisionUnder = statement((db, effectKey: string) =>
  db
    .select({ hash: serviceDecisions.requestHash })
    .from(serviceDecisions)
    .where(eq(serviceDecisions.effectKey, effectKey)),
);

/** One settlement per effect key; the provider is the engineer's. */
async function settleProvider(db: Db, request: Request<'settleProvider'>) {
  const { effectKey, engineerNumber } = request;
  const hash = hashOf(request);
  await insertSettlement(db, request, hash);
  const [known] = await settlementUnder(db, effectKey);
  if (!known) throw new ServiceFailure('UnknownEngineer', `no engineer ${engineerNumber}`);
  sameRequest(effectKey, known.hash, hash);
  return { settlementNumber: known.settlementNumber, provider: known.provider };
}

const insertSettlement = statement((db, request: Request<'settleProvider'>, hash: string) => {
  const { effectKey, caseNumber, engineerNumber, basis, laborMinutes, parts } = request;
  return db.execute(sql`
    insert into ${providerSettlements} ${row(providerSettlements, {
      effectKey,
      requestHash: hash,
      caseNumber,
      engineerNumber: sql`${engineers.engineerNumber}`,
      provider: sql`${engineers.provider}`,
      basis,
      laborMinutes,
      parts,
    })} from ${engineers} where ${engineers.engineerNumber} = ${engineerNumber}
    on conflict (${names(providerSettlements.effectKey)}) do nothing`);
});

const settlementUnder = statement((db, effectKey: string) =>
  db
    .select({
      settlementNumber: providerSettlements.settlementNumber,
      provider: providerSettlements.provider,
      hash: providerSettlements.requestHash,
    })
    .from(providerSettlements)
    .where(eq(providerSettlements.effectKey, effectKey)),
);

type Choices = Request<'recordOldPartChoices'>;

async function recordOldPartChoices(db: Db, request: Choices): Promise<void> {
  const hash = hashOf(request);
  const [done] = await insertChoices(db, request, hash);
  if (!done) await wasDone(db, request.effectKey, hash);
}

const insertChoices = statement((db, request: Choices, hash: string) => {
  const { effectKey, caseNumber, keep, handOver } = request;
  const chosen = [
    ...keep.map((line) => ({ ...line, choice: 'keep' })),
    ...handOver.map((line) => ({ ...line, choice: 'handOver' })),
  ];
  return db.execute(sql`
    with fresh as (${gate(effectKey, hash)}),
    chosen as (
      select distinct on ("partNumber", serial) "partNumber" as part_number, serial, choice from fresh,
        jsonb_to_recordset(${param(chosen)}::jsonb) as c ("partNumber" text, "oldPartSerials" jsonb, choice text),
        jsonb_array_elements_text("oldPartSerials") as serial
    ), kept as (
      insert into ${oldPartChoices} ${row(oldPartChoices, {
        caseNumber,
        partNumber: sql`part_number`,
        oldPartSerial: sql`serial`,
        choice: sql`choice`,
        effectKey,
      })} from chosen
      on conflict (${names(oldPartChoices.caseNumber, oldPartChoices.partNumber, oldPartChoices.oldPartSerial)})
        do update set ${set(oldPartChoices, { choice: excluded(oldPartChoices.choice) })}
    )
    select from fresh`);
});
