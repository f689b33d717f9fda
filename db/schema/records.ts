import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSequence,
  pgTable,
  text,
} from 'drizzle-orm/pg-core';
import type { PartLine } from '../../domain/loan.ts';
import { cases } from './cases.ts';
import { instant, json, key, once, references, texts } from './columns.ts';

export const claimNumbers = pgSequence('claim_numbers');

export const articleNumbers = pgSequence('article_numbers');

export const answerDocuments = pgTable(
  'answer_documents',
  {
    documentId: text('document_id').primaryKey(),
    caseNumber: text('case_number').notNull(),
    taskId: text('task_id').notNull(),
    body: json<Record<string, unknown>>('body').notNull(),
    requestHash: text('request_hash').notNull(),
    keptAt: instant('kept_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    references(t.caseNumber, cases.caseNumber),
    index('answer_documents_case').on(t.caseNumber),
  ],
);

export const serviceRecords = pgTable(
  'service_records',
  {
    caseNumber: text('case_number').notNull(),
    version: integer('version').notNull(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    round: integer('round').notNull(),
    body: json<Record<string, unknown>>('body').notNull(),
    digest: text('digest').notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    key(t.caseNumber, t.version),
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    check('service_records_version_check', sql`version > 0`),
  ],
);

export const signatures = pgTable(
  'signatures',
  {
    effectKey: text('effect_key').primaryKey(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    version: integer('version').notNull(),
    digest: text('digest').notNull(),
    signed: boolean('signed').notNull(),
    rating: text('rating'),
    documentId: text('document_id'),
    byId: text('by_id').notNull(),
    byRole: text('by_role').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'signatures_case_number_version_fkey',
      columns: [t.caseNumber, t.version],
      foreignColumns: [serviceRecords.caseNumber, serviceRecords.version],
    }),
    index('signatures_record').on(t.caseNumber, t.version),
  ],
);

export const warrantyClaims = pgTable(
  'warranty_claims',
  {
    claimNumber: text('claim_number').default(sql`'WC-' || nextval('claim_numbers')`).primaryKey(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    slipNumber: text('slip_number').notNull(),
    lines: json<(PartLine & { oldPartSerials: string[] })[]>('lines').notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
    withdrawnAt: instant('withdrawn_at'),
    withdrawReason: text('withdraw_reason'),
  },
  (t) => [
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    check('withdrawal_has_reason', sql`(withdrawn_at is null) = (withdraw_reason is null)`),
  ],
);

export const knowledgeArticles = pgTable(
  'knowledge_articles',
  {
    articleNumber: text('article_number')
      .default(sql`'KB-' || nextval('article_numbers')`)
      .primaryKey(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    productModel: text('product_model').notNull(),
    faultCode: text('fault_code').notNull(),
    causeCode: text('cause_code'),
    remedyCode: text('remedy_code'),
    parts: json<PartLine[]>('parts').notNull(),
    documents: texts('documents').notNull(),
    createdAt: instant('created_at').default(sql`clock_timestamp()`).notNull(),
  },
  (t) => [
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    index('knowledge_articles_fault').on(t.productModel, t.faultCode),
  ],
);

export const archives = pgTable(
  'archives',
  {
    archiveCode: text('archive_code').primaryKey(),
    effectKey: text('effect_key').notNull(),
    requestHash: text('request_hash').notNull(),
    caseNumber: text('case_number').notNull(),
    serviceType: text('service_type').notNull(),
    closedAt: instant('closed_at').notNull(),
    retainUntil: instant('retain_until').notNull(),
  },
  (t) => [
    once(t.effectKey),
    references(t.caseNumber, cases.caseNumber),
    index('archives_case').on(t.caseNumber),
  ],
);
