/** A customer's link to the status page of one case: unguessable, and kept as a hash only. */
import { createHash, createHmac } from 'node:crypto';
import type { Sql } from '../../db/connect.ts';

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
export function createStatusLinks(sql: Sql, options: StatusLinkOptions): StatusLinks {
  const tokenOf = (caseNumber: string) =>
    createHmac('sha256', options.secret).update(`status/${caseNumber}`).digest().subarray(0, 24);
  const written = (caseNumber: string) => tokenOf(caseNumber).toString('base64url');
  return {
    urlOf: (caseNumber) => `${options.baseUrl}/s/${written(caseNumber)}`,
    hashOf: (caseNumber) => sha256(written(caseNumber)),
    async allow(caseNumber) {
      await sql`insert into status_links (token_hash, case_number) values (${sha256(written(caseNumber))}, ${caseNumber})
        on conflict do nothing`;
    },
    open: (token) => openLink(sql, token, options.daysAfterEnd),
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function openLink(sql: Sql, token: string, daysAfterEnd: number): Promise<OpenedLink | null> {
  if (!/^[\w-]{32}$/.test(token)) return null;
  const [row] = await sql<OpenedLink[]>`
    select case_number as "caseNumber", coalesce(owner.locale, caller.locale, 'zh-CN') as locale,
      coalesce(time_zone, 'UTC') as "timeZone"
    from status_links join cases using (case_number)
    left join customers using (customer_number)
    left join persons owner on owner.person_id = customers.person_id
    left join persons caller on caller.person_id = cases.contact_id
    left join territories on territories.territory = cases.plan->>'territory'
    where token_hash = ${sha256(token)}
      and (is_open or closed_at > clock_timestamp() - ${daysAfterEnd}::int * interval '1 day')`;
  return row ?? null;
}
