/** The database: does it answer, is it of this build, does it know this year's holidays. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Sql } from '../../db/connect.ts';
import { createHolidays } from '../../services/directory/holidays.ts';
import { readIfThere } from '../processes.ts';
import { type Finding, isAtLeast, ok, todo } from './finding.ts';

/** The oldest PostgreSQL that the faults were tried on. */
const oldestPostgres = '15';
const patienceMs = 4_000;
const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** `toStart` says what to do when it does not answer. */
export async function checkDatabase(sql: Sql, toStart: string): Promise<Finding> {
  const about = 'PostgreSQL';
  try {
    const [found] = await Promise.race([
      sql<{ server_version: string }[]>`show server_version`,
      silence(), // the driver asks on for ever where something listens that is no PostgreSQL
    ]);
    const version = found?.server_version.split(' ')[0] ?? '';
    if (isAtLeast(version, oldestPostgres)) return ok(about, `${version} answers`);
    return todo(about, `${version}`, `${oldestPostgres} or later is meant`);
  } catch (error) {
    return todo(about, reasonOf(error), toStart);
  }
}

/** The migrations of this build, and those of the database. */
export async function checkMigrations(sql: Sql, folder: string): Promise<Finding> {
  const about = 'schema';
  const { entries } = journal.parse(
    JSON.parse(readIfThere(join(folder, 'meta/_journal.json')) ?? ''),
  );
  const [table] = await sql<{ there: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  const rows = table?.there
    ? await sql<{ at: number }[]>`select created_at as at from drizzle.__drizzle_migrations`
    : [];
  const applied = new Set(rows.map(({ at }) => at));
  const missing = entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag);
  if (missing.length > 0) return todo(about, `lacks ${missing.join(', ')}`, 'npm run migrate');
  if (applied.size === entries.length)
    return ok(about, `${entries.length} migrations, all of this build`);
  return todo(about, 'of a newer build than this one', 'update this checkout: git pull');
}

/** Holidays of this year, and in its last weeks of the next. A territory without a year would take every weekday for worked. */
export async function checkHolidays(sql: Sql, now: string): Promise<Finding> {
  const about = 'holidays';
  const ahead = new Date(Date.parse(now) + 45 * 86_400_000).toISOString();
  const wanted = [...new Set([now, ahead].map((at) => Number(at.slice(0, 4))))];
  const found = await createHolidays(sql).years();
  const missing = found.flatMap(({ territory, years }) =>
    wanted.filter((year) => !years.includes(year)).map((year) => `${territory} ${year}`),
  );
  const years = wanted.join(' and ');
  if (found.length > 0 && missing.length === 0)
    return ok(about, `${years}, ${found.length} territories`);
  const said = missing.length > 0 ? `none for ${missing.join(', ')}` : 'no territories';
  return todo(about, said, 'npm run import -- holidays FILE');
}

async function silence(): Promise<never> {
  await delay(patienceMs, undefined, { ref: false });
  throw new Error('not as a PostgreSQL does');
}

/** A refusal of the server in its own words, such as a password that is wrong; else why there is none. */
function reasonOf(error: unknown): string {
  const { code, message, severity } = error as {
    code?: string;
    message?: string;
    severity?: string;
  };
  return severity ? `refuses us: ${message}` : `does not answer (${code ?? message})`;
}
