/** What the services hold: stock, loans, who can go, messages; what a case cost and what was signed. */
import { z } from 'zod';
import type { ChargeLine } from '../../domain/charge.ts';
import type { Candidate } from '../../domain/dispatch.ts';
import { importKinds } from '../../domain/imports/registers.ts';
import { type Recipient, type Sender, templates } from '../../domain/message.ts';
import type { Charges } from '../../services/billing/index.ts';
import type { PublishedTariff } from '../../services/directory/index.ts';
import type { DryRun, ImportRow } from '../../services/imports/index.ts';
import { type Listed, sources } from '../../services/lists/index.ts';
import type { Notification } from '../../services/notification/index.ts';
import type { LoanLine, Part, PartLoan, StockLevel } from '../../services/parts/index.ts';
import type { ServiceRecord, SignatureLine } from '../../services/records/index.ts';
import {
  actorShape,
  at,
  count,
  day,
  locale,
  minor,
  partLineShape,
  rowOf,
  titleShape,
} from './common.ts';

const source = z.enum(sources);
const text = z.string().nullable();

export const partShape = rowOf<Part>()({
  partNumber: z.string(),
  title: titleShape,
  unitPriceMinor: minor,
  currency: z.string(),
  stock: z.array(
    rowOf<StockLevel>()({ location: z.string(), onHand: count, reserved: count, onLoan: count }),
  ),
}).meta({ id: 'Part' });

const loanLineShape = rowOf<LoanLine>()({
  partNumber: z.string(),
  location: z.string(),
  issued: count,
  usedWithCore: count,
  returnedUnused: count,
  writtenOff: count,
  outstanding: count.describe('issued − usedWithCore − returnedUnused − writtenOff'),
});
export const loanShape = rowOf<Listed<PartLoan>>()({
  loanNumber: z.string(),
  caseNumber: z.string(),
  borrower: z.string(),
  status: z.enum(['issued', 'partiallyCleared', 'cleared']),
  issuedAt: at,
  dueAt: at,
  lines: z.array(loanLineShape),
  source,
}).meta({ id: 'Loan' });

export const candidateShape = rowOf<Candidate>()({
  engineerNumber: z.string(),
  staffNumber: z.string(),
  score: z.number().min(0).max(100),
  reasons: z.array(z.string()),
  start: at.describe('the first free interval'),
  end: at,
}).meta({ id: 'Candidate' });

const kind = <Kind extends (Recipient | Sender)['kind']>(name: Kind) => z.literal(name);
const recipientShape = z
  .discriminatedUnion('kind', [
    z.object({ kind: kind('customer'), caseNumber: z.string() }),
    z.object({ kind: kind('role'), role: z.string(), territory: z.string() }),
    z.object({ kind: kind('staff'), staffNumber: z.string() }),
    z.object({ kind: kind('sender'), inboundNumber: z.string() }),
  ])
  .meta({ id: 'Recipient' });
export const notificationShape = rowOf<Listed<Notification>>()({
  notificationNumber: z.string(),
  effectKey: z.string(),
  caseNumber: z.string(),
  sequence: z.int(),
  template: z.enum(templates),
  channel: z.enum(['sms', 'mail', 'internal']),
  recipient: recipientShape,
  locale,
  text: z.string(),
  status: z.enum(['kept', 'pending', 'sent', 'failed', 'expired']),
  createdAt: at,
  deliveries: z.array(
    z.object({
      attempt: z.int(),
      at,
      result: z.enum(['kept', 'sent', 'failed', 'unknown']),
      detail: text,
    }),
  ),
  source,
}).meta({ id: 'Notification' });

export const tariffShape = rowOf<PublishedTariff>()({
  version: z.int(),
  publishedOn: day,
  currency: z.string(),
  visitMinor: minor,
  laborMinuteMinor: minor,
  parts: z.array(z.object({ partNumber: z.string(), title: titleShape, unitPriceMinor: minor })),
}).meta({ id: 'Tariff' });

const chargeLineShape = rowOf<ChargeLine>()({
  item: z.enum(['visit', 'labor', 'part']),
  partNumber: z.string().optional(),
  quantity: count,
  unitPriceMinor: minor,
}).meta({ id: 'ChargeLine' });
const bill = {
  tariffVersion: z.int(),
  currency: z.string(),
  lines: z.array(chargeLineShape),
  totalMinor: minor,
};
export const chargesShape = rowOf<Charges>()({
  decisions: z.array(
    z.object({
      kind: z.enum(['arrears', 'specialUser']),
      decision: z.string(),
      askedBecause: text,
      reason: z.string(),
      by: z.string(),
      at,
    }),
  ),
  quotes: z.array(
    z.object({
      ...bill,
      revision: z.int(),
      status: z.string(),
      presentedAt: at,
      validUntil: at,
    }),
  ),
  invoices: z.array(
    z.object({
      ...bill,
      invoiceNumber: z.string(),
      quoteRevision: z.int().nullable(),
      issuedAt: at,
      voidedAt: at.nullable().describe('null while it stands'),
      voidReason: text,
    }),
  ),
  payments: z.array(
    z.object({
      amountMinor: minor.describe('negative: a refund'),
      currency: z.string(),
      method: z.string(),
      receiptNumber: text,
      refundReason: text,
      at,
    }),
  ),
  settlements: z.array(
    z.object({
      settlementNumber: z.string(),
      engineerNumber: z.string(),
      provider: text,
      basis: z.string(),
      laborMinutes: count,
      parts: z.array(partLineShape),
    }),
  ),
  oldParts: z.array(
    z.object({
      partNumber: z.string(),
      oldPartSerial: z.string(),
      choice: z.enum(['keep', 'handOver']),
    }),
  ),
}).meta({ id: 'Charges' });

const signatureShape = rowOf<SignatureLine>()({
  signed: z.boolean(),
  digest: z.string().describe('what the signer was shown'),
  signatureValid: z.boolean().describe('the stored version still has that digest'),
  rating: text,
  document: text,
  by: z.object({ id: z.string(), role: z.string() }),
  at,
});
export const recordShape = rowOf<ServiceRecord>()({
  version: z.int(),
  round: z.int(),
  digest: z.string(),
  body: z
    .record(z.string(), z.unknown())
    .meta({ id: 'RecordBody', description: 'what was done and said, by flow' }),
  createdAt: at,
  signatures: z.array(signatureShape),
}).meta({ id: 'ServiceRecord' });

const tally = {
  kind: z.enum(importKinds),
  fileHash: z.string().describe('SHA-256 of the file'),
  rows: count,
  created: count,
  changed: count,
  unchanged: count,
};
const importShape = rowOf<ImportRow>()({ ...tally, importNumber: z.string(), by: actorShape, at });
/** A line of the log. */
export const loggedShape = importShape.meta({ id: 'Import' });
/** What a file did now, or would do. */
export const takenShape = importShape.extend({ dryRun: z.literal(false) }).meta({ id: 'Taken' });
export const triedShape = rowOf<DryRun>()(tally)
  .extend({ dryRun: z.literal(true) })
  .meta({ id: 'DryRun' });
