import { sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Sql } from '../../db/connect.ts';
import type { Page } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { notifications, partLoans } from '../../db/schema.ts';
import { param, statement } from '../../db/statement.ts';
import type { Notification, NotificationQuestions } from '../notification/index.ts';
import type { PartLoan, PartsQuestions } from '../parts/index.ts';
import { type Listed, type ListSource, type Lists, PartnerAway } from './index.ts';
import { mergedPage, type Order, type RowPlace, type SourceList } from './merge.ts';

/** What holds loans and messages. */
export interface Held {
  parts: Pick<PartsQuestions, 'listLoans'>;
  notification: NotificationQuestions;
}

/** Lists of what is held on our own database, and beside it by partners; null: there is none. */
export function createLists(
  client: Sql,
  own: Held,
  partner: { [Service in keyof Held]: Held[Service] | null },
): Lists {
  const db = drizzle(client);
  return {
    loans: ({ source, cursor, limit, ...filter }) => {
      const from =
        (parts: Held['parts']): Read<PartLoan> =>
        (after, most) =>
          parts.listLoans({ ...filter, after, limit: most });
      const lists: SourceList<PartLoan>[] = [
        { source: 'builtIn', read: from(own.parts), shown: loansNotBefore },
        ...theirs('parts', partner.parts && from(partner.parts), (rows) => loansNotHere(db, rows)),
      ];
      return pageFrom(lists, newestFirst, { list: 'part-loans', source, cursor, limit });
    },
    notifications: ({ source, cursor, limit, ...filter }) => {
      const from =
        (notification: Held['notification']): Read<Notification> =>
        (after, most) =>
          notification.list({ ...filter, after, limit: most });
      const lists: SourceList<Notification>[] = [
        { source: 'builtIn', read: from(own.notification), shown: all },
        ...theirs('notification', partner.notification && from(partner.notification), (rows) =>
          messagesNotHere(db, rows),
        ),
      ];
      return pageFrom(lists, oldestFirst, { list: 'notifications', source, cursor, limit });
    },
  };
}

type Read<Row> = SourceList<Row>['read'];
type Shown<Row> = SourceList<Row>['shown'];
const all = async <Row>(rows: Row[]) => rows;

/** A partner's list; none without a partner. */
const theirs = <Row>(
  service: keyof Held,
  read: Read<Row> | null,
  shown: Shown<Row>,
): SourceList<Row>[] => {
  const away = (cause: unknown): never => {
    throw new PartnerAway(service, { cause });
  };
  return read ? [{ source: 'partner', read: (...page) => read(...page).catch(away), shown }] : [];
};

/** One source alone is listed as it is. */
function pageFrom<Row extends object>(
  lists: SourceList<Row>[],
  order: Order<Row>,
  { list, source, ...page }: Asked,
): Promise<Page<Listed<Row>>> {
  if (source === undefined) return mergedPage(lists, order, { list, ...page });
  const alone: SourceList<Row>[] = lists
    .filter((one) => one.source === source)
    .map((one) => ({ ...one, shown: all }));
  return mergedPage(alone, order, { list: `${list}:${source}`, ...page });
}

interface Asked {
  list: string;
  source: ListSource | undefined;
  cursor: string | undefined;
  limit: number;
}

const newestFirst: Order<PartLoan> = {
  placeOf: ({ issuedAt, loanNumber }) => ({ at: issuedAt, number: loanNumber }),
  compare: (a, b) => b - a,
};
const oldestFirst: Order<Notification> = {
  placeOf: ({ createdAt, notificationNumber }) => ({ at: createdAt, number: notificationNumber }),
  compare: (a, b) => a - b,
};

/** A loan that was diverted while somebody turned the page comes where it was, so that it is not met again. */
const loansNotBefore = async (loans: PartLoan[], last: RowPlace | null) =>
  loans.filter(
    ({ issuedAt, loanNumber }) =>
      last === null || (Date.parse(issuedAt) <= Date.parse(last.at) && loanNumber !== last.number),
  );

const keptOf = (table: PgTable, column: PgColumn) =>
  statement((db, keys: string[]) =>
    db
      .select({ key: sql<string>`${column}` })
      .from(table)
      .where(sql`${column} = any(${param(keys)}::text[])`),
  );
const keptLoans = keptOf(partLoans, partLoans.loanNumber);
const keptMessages = keptOf(notifications, notifications.effectKey);

/** A diverted loan goes on here: what its partner still has of it is not the truth. */
async function loansNotHere(db: Db, loans: PartLoan[]): Promise<PartLoan[]> {
  const numberOf = ({ loanNumber }: PartLoan) => loanNumber;
  return without(loans, numberOf, await keptLoans(db, loans.map(numberOf)));
}

async function messagesNotHere(db: Db, messages: Notification[]): Promise<Notification[]> {
  const keyOf = ({ effectKey }: Notification) => effectKey;
  return without(messages, keyOf, await keptMessages(db, messages.map(keyOf)));
}

function without<Row>(rows: Row[], keyOf: (row: Row) => string, here: { key: string }[]): Row[] {
  const known = new Set(here.map(({ key }) => key));
  return rows.filter((row) => !known.has(keyOf(row)));
}
