import { and, desc, eq, isNotNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { engineers, imports, staff } from '../../db/schema.ts';
import { param, row, rows, statement } from '../../db/statement.ts';
import { type Kept, type RegisterSql, typed } from './register-sql.ts';
import { registersSql } from './registers.ts';
import type { FileRows, NewImport } from './store.ts';

const shown = {
  importNumber: imports.importNumber,
  kind: imports.kind,
  fileHash: imports.fileHash,
  rows: imports.rows,
  created: imports.created,
  changed: imports.changed,
  unchanged: sql<number>`${imports.rows} - ${imports.created} - ${imports.changed}`,
  by: imports.importedBy,
  at: imports.importedAt,
};

const count = (verdict: SQL) => sql<number>`(count(*) filter (where verdict = ${verdict}))::int`;
const tally = {
  created: count(sql`'created'`),
  changed: count(sql`'changed'`),
  unchanged: count(sql`'same'`),
};

/** The file beside what is there. */
function compared({ given, judged }: RegisterSql, file: FileRows): SQL {
  const kept: Kept = (column, there, cell = sql`g.${sql.identifier(column)}`) =>
    file.columns.includes(column) ? cell : there;
  return sql`
    with given as (
      select * from jsonb_to_recordset(${param(file.rows)}::jsonb) as g (${typed(given)})
    ), judged as (${judged(kept)})`;
}

function statementsOf(register: RegisterSql) {
  return {
    /** What a file would do. */
    judge: statement((db, file: FileRows) =>
      rows(db, tally, (answer) => sql`${compared(register, file)} select ${answer} from judged`),
    ),
    /** Takes a file in; no row when its key has been used. The place in the log is taken by the same statement: of two imports at once
     *  the later one is refused whole, and judges anew. */
    write: statement((db, file: NewImport) => {
      const { kind, scope, key, requestHash, fileHash, by, at } = file;
      return rows(
        db,
        shown,
        (answer) => sql`
        ${compared(register, file)}, tally as (
          select ${tally.created} as created, ${tally.changed} as changed from judged
        ), logged as (
          insert into ${imports} ${row(imports, {
            importNumber: sql`'IM-' || lpad(place::text, greatest(4, length(place::text)), '0')`,
            place: sql`place`,
            kind,
            scope,
            idempotencyKey: key,
            requestHash,
            fileHash,
            rows: file.rows.length,
            created: sql`created`,
            changed: sql`changed`,
            importedBy: by,
            importedAt: at,
          })} from tally, (select coalesce(max(${imports.place}), 0) + 1 as place from ${imports}) next
          where not exists (select from ${imports}
            where ${imports.scope} = ${scope} and ${imports.idempotencyKey} = ${key})
          returning *
        ), due as (
          select * from judged where verdict <> 'same' and exists (select from logged)
        ) ${register.written}
        select ${answer} from logged as ${imports}`,
      );
    }),
  };
}

/** What a file would do to a register, and does. */
export const registerStatements = {
  customers: statementsOf(registersSql.customers),
  assets: statementsOf(registersSql.assets),
  parts: statementsOf(registersSql.parts),
  engineers: statementsOf(registersSql.engineers),
  holidays: statementsOf(registersSql.holidays),
};

/** The import of a key, with the request that it stands for. */
export const importUnder = statement((db, scope: string, key: string) =>
  db
    .select({ row: shown, requestHash: imports.requestHash })
    .from(imports)
    .where(and(eq(imports.scope, scope), eq(imports.idempotencyKey, key))),
);

/** Imports with their places, the latest first, from the one before a place on. */
export const importsBefore = statement((db, before: number | undefined, limit: number) =>
  db
    .select({ row: shown, place: imports.place })
    .from(imports)
    .where(before === undefined ? undefined : lt(imports.place, before))
    .orderBy(desc(imports.place))
    .limit(limit),
);

/** Rows that name a member of staff in another role, or of another engineer. */
export const staffConflicts = statement((db, file: FileRows) => {
  const other = engineers.engineerNumber;
  return db
    .select({
      index: sql<number>`(place - 1)::int`,
      column: sql<string>`'staffNumber'`,
      detail: sql<string>`case when ${other} is null then 'a member of staff whose role is engineer'
        else 'a member of staff who is not already ' || ${other} end`,
    })
    .from(sql`jsonb_array_elements(${param(file.rows)}::jsonb) with ordinality as g (cells, place)`)
    .leftJoin(
      staff,
      and(sql`${staff.staffNumber} = cells->>'staffNumber'`, ne(staff.role, 'engineer')),
    )
    .leftJoin(
      engineers,
      and(
        sql`${engineers.staffNumber} = cells->>'staffNumber'`,
        sql`${other} <> cells->>'engineerNumber'`,
      ),
    )
    .where(or(isNotNull(staff.staffNumber), isNotNull(other)))
    .orderBy(sql`place`);
});
