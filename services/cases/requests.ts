import { and, eq, sql } from 'drizzle-orm';
import type { Sql } from '../../db/connect.ts';
import { drizzle } from '../../db/drizzle.ts';
import { requests } from '../../db/schema.ts';
import { row, statement } from '../../db/statement.ts';
import type { Actor } from '../../domain/case.ts';

export interface RequestStore {
  /** Keeps the body's hash beside a client's key, across runs: `other` is to be answered 422 (D4, I11). */
  claim(request: Claim): Promise<'new' | 'same' | 'other'>;
}

interface Claim {
  scope: string;
  key: string;
  bodyHash: string;
  actor: Actor;
}

/** The store of idempotency keys of tasks and actions; a case's own key stands in its row. */
export function createRequestStore(client: Sql): RequestStore {
  const db = drizzle(client);
  return {
    async claim(request) {
      const [fresh] = await insertClaim(db, request);
      if (fresh) return 'new';
      const [known] = await claimUnder(db, request);
      return known?.bodyHash === request.bodyHash ? 'same' : 'other';
    },
  };
}

const insertClaim = statement((db, { scope, key, bodyHash, actor }: Claim) =>
  db.execute(sql`
    insert into ${requests} ${row(requests, { scope, key, bodyHash, actorId: actor.id })}
    on conflict do nothing returning 1`),
);

const claimUnder = statement((db, { scope, key }: Claim) =>
  db
    .select({ bodyHash: requests.bodyHash })
    .from(requests)
    .where(and(eq(requests.scope, scope), eq(requests.key, key))),
);
