/** A service and its HTTP adapter pass the same tests: the project `database` runs them on the built-in services, the project `adapters`
 *  through a reference partner on the same database. */
import { afterAll, beforeAll, inject } from 'vitest';
import { connect, type Sql } from '../../../db/connect.ts';
import { createDispatch } from '../../../services/dispatch/built-in.ts';
import { createHttpDispatch } from '../../../services/dispatch/http.ts';
import { createNotification } from '../../../services/notification/built-in.ts';
import { createHttpNotification } from '../../../services/notification/http.ts';
import type { Services } from '../../../services/partner/choose.ts';
import type { PartnerAddress } from '../../../services/partner/exchange.ts';
import { createOutbox } from '../../../services/partner/outbox.ts';
import { buildPartner } from '../../../services/partner/server.ts';
import { createParts } from '../../../services/parts/built-in.ts';
import { createHttpParts } from '../../../services/parts/http.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined: the built-in services. */
    through?: 'adapters';
  }
}

/** True when what is under test is an adapter. */
export const isAdapter = (): boolean => inject('through') === 'adapters';

/** A reference partner on a database, listening on a free port. */
export async function startPartner(
  sql: Sql,
  token: string | null = null,
): Promise<{ address: PartnerAddress; close(): Promise<void> }> {
  const app = buildPartner(
    { parts: createParts(sql), dispatch: createDispatch(sql), notification: createOutbox(sql) },
    { token },
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { address: { url, token, timeoutMs: 8_000 }, close: () => app.close() };
}

/** The services under test on the database of this file; made before the first test. */
export function twinsOn(database: { readonly sql: Sql; readonly url: string }): Readonly<Services> {
  const held = {} as Services;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const { sql } = database;
    if (!isAdapter()) {
      Object.assign(held, {
        parts: createParts(sql),
        dispatch: createDispatch(sql),
        notification: createNotification(sql),
      });
      return;
    }
    const own = connect(database.url, { max: 20 });
    const { address, close } = await startPartner(own, 'secret');
    ends.push(close, () => own.end({ timeout: 5 }));
    Object.assign(held, {
      parts: createHttpParts(address),
      dispatch: createHttpDispatch(address),
      notification: createHttpNotification(sql, address),
    });
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return held;
}
