/** What is listed of loans and messages: where a partner has a service, what it holds and what the built-in one holds, in one list (N25). */
import type { Page } from '../../db/cursor.ts';
import type { Notification } from '../notification/index.ts';
import type { PartLoan } from '../parts/index.ts';

/** Who holds what is listed. Without a partner everything is built in. */
export const sources = ['builtIn', 'partner'] as const;
export type ListSource = (typeof sources)[number];
export type Listed<Row> = Row & { source: ListSource };

/** A page of a list; `source` left out: of both. What is held by both is listed once, as ours; asked for alone, a partner's list is
 *  whole. Fails `BadCursor`, also for a cursor of another source, and `PartnerAway`. */
export type List<Row, Filter> = (
  asked: Filter & { source?: ListSource | undefined; cursor?: string | undefined; limit: number },
) => Promise<Page<Listed<Row>>>;

export interface LoanFilter {
  status?: PartLoan['status'] | undefined;
  caseNumber?: string | undefined;
}
export interface MessageFilter {
  caseNumber?: string | undefined;
}

export interface Lists {
  /** By the moment of issue, newest first. */
  loans: List<PartLoan, LoanFilter>;
  /** By the moment of acceptance, oldest first. */
  notifications: List<Notification, MessageFilter>;
}

/** A partner did not answer, or not as agreed: half a list is not taken for the whole. */
export class PartnerAway extends Error {
  constructor(service: 'parts' | 'notification', options: { cause: unknown }) {
    super(
      `the partner's ${service} service does not answer; source=builtIn lists what is held here`,
      options,
    );
    this.name = 'PartnerAway';
  }
}
