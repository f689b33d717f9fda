import type { Sql } from '../../db/connect.ts';
import type { Actor } from '../../domain/case.ts';

export interface RequestStore {
  /** Keeps the body's hash beside a client's key, across runs: `other` is to be answered 422 (D4, I11). */
  claim(request: {
    scope: string;
    key: string;
    bodyHash: string;
    actor: Actor;
  }): Promise<'new' | 'same' | 'other'>;
}

/** The store of idempotency keys of tasks and actions; a case's own key stands in its row. */
export function createRequestStore(sql: Sql): RequestStore {
  return {
    async claim({ scope, key, bodyHash, actor }) {
      const [fresh] = await sql`
        insert into requests (scope, key, body_hash, actor_id) values (${scope}, ${key}, ${bodyHash}, ${actor.id})
        on conflict do nothing returning 1`;
      if (fresh) return 'new';
      const [known] = await sql<{ same: boolean }[]>`
        select body_hash = ${bodyHash} as same from requests where scope = ${scope} and key = ${key}`;
      return known?.same ? 'same' : 'other';
    },
  };
}
