/** A customer's link to the status page of one case: unguessable, and kept as a hash only. */
import { createHash, createHmac } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { cases, customers, persons, statusLinks, territories } from '../../db/schema.ts';
import { row, statement } from '../../db/statement.ts';

export interface StatusLinks {
  /** The link of a case, the same each time. */
  urlOf(caseNumber: string): string;
  /** What is kept of the case's link. */
  hashOf(caseNumber: string): string;
  /** Lets the case's link open its page, where nothing else writes that down beside a message. */
  allow(caseNumber: string): Promise<void>;
  /** Null for any token that opens no case, and when the case ended too long ago. */
  open(token: string): Promise<OpenedLink | null>;
}

/** The case that a token opens, its customer's language, and the zone that its times are shown in. */
export interface OpenedLink {
  caseNumber: string;
  locale: 'zh-CN' | 'en';
  timeZone: string;
}

export interface StatusLinkOptions {
  /** Under which customers reach the API, without a slash at its end. */
  baseUrl: string;
  /** What only this deployment knows, and the database does not hold. */
  secret: string;
  daysAfterEnd: number;
}

/** 192 bits by HMAC-SHA256 over the case number: a message that is rendered again carries the same link. */
export function createStatusLinks(client: Sql, options: StatusLinkOptions): StatusLinks {
  const db = drizzle(client);
  const tokenOf = (caseNumber: string) =>
    createHmac('sha256', options.secret).update(`status/${caseNumber}`).digest().subarray(0, 24);
  const written = (caseNumber: string) => tokenOf(caseNumber).toString('base64url');
  return {
    urlOf: (caseNumber) => `${options.baseUrl}/s/${written(caseNumber)}`,
    hashOf: (caseNumber) => sha256(written(caseNumber)),
    async allow(caseNumber) {
      await keepLink(db, sha256(written(caseNumber)), caseNumber);
    },
    async open(token) {
      if (!/^[\w-]{32}$/.test(token)) return null;
      return (await linkOf(db, sha256(token), options.daysAfterEnd))[0] ?? null;
    },
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const keepLink = statement((db, tokenHash: string, caseNumber: string) =>
  db.execute(sql`
    insert into ${statusLinks} ${row(statusLinks, { tokenHash, caseNumber })} on conflict do nothing`),
);

const linkOf = statement((db, tokenHash: string, daysAfterEnd: number) => {
  const owner = alias(persons, 'owner');
  const caller = alias(persons, 'caller');
  return db
    .select({
      caseNumber: cases.caseNumber,
      locale: sql<OpenedLink['locale']>`coalesce(${owner.locale}, ${caller.locale}, 'zh-CN')`,
      timeZone: sql<string>`coalesce(${territories.timeZone}, 'UTC')`,
    })
    .from(statusLinks)
    .innerJoin(cases, eq(cases.caseNumber, statusLinks.caseNumber))
    .leftJoin(customers, eq(customers.customerNumber, cases.customerNumber))
    .leftJoin(owner, eq(owner.personId, customers.personId))
    .leftJoin(caller, eq(caller.personId, cases.contactId))
    .leftJoin(territories, sql`${territories.territory} = ${cases.plan}->>'territory'`)
    .where(
      and(
        eq(statusLinks.tokenHash, tokenHash),
        sql`(${cases.isOpen} or ${cases.closedAt} > clock_timestamp() - ${daysAfterEnd}::int * interval '1 day')`,
      ),
    );
});
