import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, type Page, pageOf } from '../../db/cursor.ts';
import { json, retrying } from '../../db/effects.ts';
import { constraintOf, isContention } from '../../db/failures.ts';
import type { Actor } from '../../domain/case.ts';
import type { Values } from '../../domain/imports/check.ts';
import type { ImportKind } from '../../domain/imports/registers.ts';
import type { Kept } from './register-sql.ts';
import { givenColumns, registersSql } from './registers.ts';

/** What a file does, or would do, to a register. */
export interface Tally {
  created: number;
  changed: number;
  unchanged: number;
}

/** An import as the log keeps it. */
export interface ImportRow extends Tally {
  importNumber: string;
  kind: ImportKind;
  /** SHA-256 of the file, in hex. */
  fileHash: string;
  rows: number;
  by: Actor;
  at: string;
}

/** The rows of a file, checked. */
export interface FileRows {
  kind: ImportKind;
  rows: Values[];
  /** The columns that the file has: the others stay as they are. */
  columns: string[];
}

export interface NewImport extends FileRows {
  scope: string;
  key: string;
  /** SHA-256 of kind and file: what the key stands for. */
  requestHash: string;
  fileHash: string;
  by: Actor;
  at: string;
}

/** An import known by its key. */
export interface KnownImport {
  row: ImportRow;
  requestHash: string;
}

/** A row that the register can't take, by its place in the file's rows. */
export interface Conflict {
  index: number;
  column: string;
  detail: string;
}

export interface ImportStore {
  /** What `write` would do now. */
  judge(file: FileRows): Promise<Tally>;
  /** Takes the whole file in and logs it by one statement, or nothing of it; null when the key has been used. */
  write(file: NewImport): Promise<ImportRow | null>;
  find(scope: string, key: string): Promise<KnownImport | null>;
  /** Rows that fit no other row's claim: a member of staff in another role, or of another engineer. */
  conflicts(file: FileRows): Promise<Conflict[]>;
  /** Newest first. Fails `BadCursor`. */
  list(cursor: string | undefined, limit: number): Promise<Page<ImportRow>>;
}

/** The store of registers that are taken in from files, and of the log of it. */
export function createImports(sql: Sql): ImportStore {
  return {
    judge: (file) => judge(sql, file),
    write: (file) =>
      retrying(
        () => write(sql, file),
        (error) => isContention(error) || (constraintOf(error) ?? '').startsWith('imports_'),
      ),
    async find(scope, key) {
      const [known] = await sql<(ImportRow & { requestHash: string })[]>`
        select ${columnsOf(sql)}, request_hash as "requestHash" from imports
        where scope = ${scope} and idempotency_key = ${key}`;
      if (!known) return null;
      const { requestHash, ...row } = known;
      return { row, requestHash };
    },
    conflicts: async (file) => (file.kind === 'engineers' ? staffConflicts(sql, file) : []),
    list: (cursor, limit) => list(sql, cursor, limit),
  };
}

async function judge(sql: Sql, file: FileRows): Promise<Tally> {
  const [tally] = await sql<Tally[]>`${judged(sql, file)} ${count(sql)} from judged`;
  return tally ?? { created: 0, changed: 0, unchanged: 0 };
}

const count = (sql: Sql) => sql`
  select count(*) filter (where verdict = 'created')::int as created,
    count(*) filter (where verdict = 'changed')::int as changed,
    count(*) filter (where verdict = 'same')::int as unchanged`;

/** The file beside what is there. */
function judged(sql: Sql, { kind, rows, columns }: FileRows) {
  const kept: Kept = (column, given, there) => (columns.includes(column) ? given : there);
  return sql`
    with given as (
      select * from jsonb_to_recordset(${json(sql, rows)}::jsonb) as g (${givenColumns(sql, kind)})
    ), judged as (${registersSql[kind].judged(sql, kept)})`;
}

/** The place in the log is taken by the same statement: of two imports at once the later one is refused whole, and judges anew. */
async function write(sql: Sql, file: NewImport): Promise<ImportRow | null> {
  const { kind, rows, scope, key, requestHash, fileHash, by, at } = file;
  const [done] = await sql<
    ImportRow[]
  >`${judged(sql, file)}, tally as (${count(sql)} from judged), logged as (
      insert into imports (import_number, place, kind, scope, idempotency_key, request_hash, file_hash, rows,
        created, changed, imported_by, imported_at)
      select 'IM-' || lpad(place::text, greatest(4, length(place::text)), '0'), place, ${kind}, ${scope}, ${key},
        ${requestHash}, ${fileHash}, ${rows.length}, created, changed, ${json(sql, by)}, ${at}::timestamptz
      from tally, (select coalesce(max(place), 0) + 1 as place from imports) next
      where not exists (select from imports where scope = ${scope} and idempotency_key = ${key})
      returning *
    ), due as (select * from judged where verdict <> 'same' and exists (select from logged))
    ${registersSql[kind].written(sql)}
    select ${columnsOf(sql)} from logged`;
  return done ?? null;
}

const columnsOf = (
  sql: Sql,
) => sql`import_number as "importNumber", kind, file_hash as "fileHash", rows, created,
  changed, rows - created - changed as unchanged, imported_by as by, imported_at as at`;

const staffConflicts = (sql: Sql, { rows }: FileRows) => sql<Conflict[]>`
  select (place - 1)::int as index, 'staffNumber' as column,
    case when e.engineer_number is null then 'a member of staff whose role is engineer'
      else 'a member of staff who is not already ' || e.engineer_number end as detail
  from jsonb_array_elements(${json(sql, rows)}::jsonb) with ordinality as g (row, place)
  left join staff m on m.staff_number = row->>'staffNumber' and m.role <> 'engineer'
  left join engineers e on e.staff_number = row->>'staffNumber' and e.engineer_number <> row->>'engineerNumber'
  where m.staff_number is not null or e.engineer_number is not null order by place`;

async function list(sql: Sql, cursor: string | undefined, limit: number): Promise<Page<ImportRow>> {
  const before = decodeCursor('imports', cursor, isNumber)?.[0] ?? null;
  const rows = await sql<(ImportRow & { place: number })[]>`
    select ${columnsOf(sql)}, place from imports
    where ${before}::int is null or place < ${before} order by place desc limit ${limit + 1}`;
  const page = pageOf(rows, limit, (last) => encodeCursor('imports', [last.place]));
  return { ...page, items: page.items.map(({ place: _, ...row }) => row) };
}
