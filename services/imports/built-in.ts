import type { Sql } from '../../db/connect.ts';
import { decodeCursor, encodeCursor, isNumber, listPage, type Page } from '../../db/cursor.ts';
import { type Db, drizzle } from '../../db/drizzle.ts';
import { retrying } from '../../db/effects.ts';
import { constraintOf, isContention } from '../../db/failures.ts';
import { importsBefore, importUnder, registerStatements, staffConflicts } from './statements.ts';
import type { ImportRow, ImportStore } from './store.ts';

/** The store of registers that are taken in from files, and of the log of it. */
export function createImports(client: Sql): ImportStore {
  const db = drizzle(client);
  return {
    async judge(file) {
      const [tally] = await registerStatements[file.kind].judge(db, file);
      return tally ?? { created: 0, changed: 0, unchanged: 0 };
    },
    async write(file) {
      const [done] = await retrying(
        () => registerStatements[file.kind].write(db, file),
        (error) => isContention(error) || (constraintOf(error) ?? '').startsWith('imports_'),
      );
      return done ?? null;
    },
    find: async (scope, key) => (await importUnder(db, scope, key))[0] ?? null,
    conflicts: async (file) => (file.kind === 'engineers' ? staffConflicts(db, file) : []),
    list: (cursor, limit) => list(db, cursor, limit),
  };
}

async function list(db: Db, cursor: string | undefined, limit: number): Promise<Page<ImportRow>> {
  const before = decodeCursor('imports', cursor, isNumber)?.[0];
  const found = await importsBefore(db, before, limit + 1);
  const page = listPage(found, limit, (last) => encodeCursor('imports', [last.place]));
  return { ...page, items: page.items.map(({ row }) => row) };
}
