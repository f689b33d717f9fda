import type postgres from 'postgres';
import type { Sql } from './connect.ts';
import { isContention, ServiceFailure } from './failures.ts';

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
