import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import type { Sql } from './connect.ts';
import { isContention, ServiceFailure } from './failures.ts';

/** JSON with sorted keys and without undefined members: equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 in hex of the canonical JSON: what is kept beside an effect key (D2). */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

/** A jsonb parameter. */
export const json = (sql: Sql, value: unknown) => sql.json(value as postgres.JSONValue);

/** Throws `EffectKeyReused` when a key was used before for another request (D2). */
export function sameRequest(key: string, kept: string | null, hash: string): void {
  if (kept !== hash)
    throw new ServiceFailure('EffectKeyReused', `effect key ${key} belongs to another request`);
}

/** True when this effect was done before; throws `EffectKeyReused` when it was another request's. */
export async function wasDone(sql: Sql, effectKey: string, hash: string): Promise<boolean> {
  const [kept] = await sql<{ requestHash: string }[]>`
    select request_hash as "requestHash" from effects where effect_key = ${effectKey}`;
  if (kept) sameRequest(effectKey, kept.requestHash, hash);
  return kept !== undefined;
}

/** The gate of an effect: a row only for the statement that does it first. Everything else in the statement reads from it. */
export const gate = (sql: Sql, effectKey: string, hash: string) => sql`
  insert into effects (effect_key, request_hash) values (${effectKey}, ${hash})
  on conflict (effect_key) do nothing returning effect_key`;

/** Bars an effect for good: an attempt that comes later is refused, one under way is waited for (D3). What it did is undone after. */
export async function bar(sql: Sql, effectKey: string): Promise<void> {
  await sql`insert into effects (effect_key, request_hash) values (${effectKey}, 'barred')
    on conflict (effect_key) do nothing`;
}

/** Runs a statement again when the database let another one win; the tenth refusal is thrown. */
export async function retrying<T>(
  run: () => Promise<T>,
  again: (error: unknown) => boolean = isContention,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === 10 || !again(error)) throw error;
    }
  }
}
