import { readFileSync } from 'node:fs';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import type { Sql } from 'postgres';
import * as schema from '../../../db/schema.ts';

const snapshotOf = (imports: Record<string, unknown>) => generateDrizzleJson(imports);
type Snapshot = ReturnType<typeof snapshotOf>;
const metaFolder = new URL('../../../db/migrations/meta/', import.meta.url);

/** The statements that make the schema out of nothing. */
export const statementsOfSchema = () => generateMigration(snapshotOf({}), snapshotOf(schema));

/** The statements that `npm run migrate:generate` would write. */
export const statementsToCome = () => generateMigration(latestSnapshot(), snapshotOf(schema));

function latestSnapshot(): Snapshot {
  const { entries }: { entries: { idx: number }[] } = read('_journal.json');
  const known = entries.map(({ idx }) => `${String(idx).padStart(4, '0')}_snapshot.json`);
  return read(known.at(-1) ?? '');
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, metaFolder), 'utf8'));

/** Extensions, and functions that no table is needed for: defaults and indexes call them. */
export async function neededByTables(sql: Sql): Promise<string[]> {
  const rows = await sql<{ definition: string }[]>`
    select pg_get_functiondef(p.oid) as definition from pg_proc p join pg_language l on l.oid = prolang
    where ${ours(sql)} and lanname = 'sql'
      and not exists (select from pg_type t where t.oid = any(proargtypes) and typrelid <> 0)`;
  const extensions = await sql<{ extname: string }[]>`
    select extname from pg_extension where extname <> 'plpgsql'`;
  return [
    ...extensions.map(({ extname }) => `create extension ${extname}`),
    ...rows.map((row) => row.definition),
  ];
}

/** Everything that a schema can say of a database's tables, a line each, as PostgreSQL itself puts it. */
export async function description(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format('column %s.%s %s%s default %s%s%s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
      case when attnotnull then ' not null' end, pg_get_expr(adbin, adrelid), attgenerated, attidentity) as line
    from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relkind = 'r' and attnum > 0 and not attisdropped and relnamespace = 'public'::regnamespace
    union all
    select format('%s of %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u')
    union all
    select indexdef from pg_indexes where schemaname = 'public' and not exists (select from pg_constraint
      where conname = indexname and contype = 'x')
    union all
    select format('sequence %s %s %s %s', sequencename, data_type, start_value, increment_by) from pg_sequences
    where schemaname = 'public'
    order by line`;
  return rows.map((row) => row.line);
}

/** What the schema only names: `triggers`, `exclusions`, `functions` as `db/schema/beyond.ts` has them, and the view's columns. */
export async function namesBeyond(sql: Sql) {
  const [found] = await sql`select
    (select jsonb_object_agg(relation, names) from (
      select tgrelid::regclass as relation, jsonb_agg(tgname order by tgname) as names from pg_trigger
      where not tgisinternal group by tgrelid) t) as triggers,
    (select jsonb_object_agg(relation, names) from (
      select conrelid::regclass as relation, jsonb_agg(conname order by conname) as names from pg_constraint
      where contype = 'x' group by conrelid) x) as exclusions,
    (select jsonb_agg(proname order by proname) from pg_proc p where ${ours(sql)}) as functions,
    (select jsonb_agg(attname || ' ' || format_type(atttypid, atttypmod) order by attnum) from pg_attribute
      where attrelid = 'delivery_figures'::regclass) as figures`;
  return found;
}

const ours = (sql: Sql) => sql`pronamespace = 'public'::regnamespace
  and not exists (select from pg_depend where objid = p.oid and deptype = 'e')`;
