import { eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from './drizzle.ts';
import { sameRequest } from './effects.ts';
import { effects } from './schema.ts';
import { names, row, statement } from './statement.ts';

/** The gate of an effect: a row only for the statement that does it first. Everything else in the statement reads from it. */
export const gate = (effectKey: string, requestHash: string): SQL => sql`
  insert into ${effects} ${row(effects, { effectKey, requestHash })}
  on conflict (${names(effects.effectKey)}) do nothing returning ${effects.effectKey}`;

/** True when this effect was done before; throws `EffectKeyReused` when it was another request's. */
export async function wasDone(db: Db, effectKey: string, hash: string): Promise<boolean> {
  const [kept] = await requestOf(db, effectKey);
  if (kept) sameRequest(effectKey, kept.requestHash, hash);
  return kept !== undefined;
}

const requestOf = statement((db, effectKey: string) =>
  db
    .select({ requestHash: effects.requestHash })
    .from(effects)
    .where(eq(effects.effectKey, effectKey)),
);

/** Bars an effect for good: an attempt that comes later is refused, one under way is waited for (D3). What it did is undone after. */
export const bar = statement((db, effectKey: string) => db.execute(gate(effectKey, 'barred')));
