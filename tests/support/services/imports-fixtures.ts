import type { ImportKind } from '../../../domain/imports/registers.ts';
import { type CellError, type ImportResult, importFile } from '../../../services/imports/index.ts';
import type { Stores } from '../../../services/stores.ts';

export const by = { id: 'ST-09', role: 'admin' } as const;

/** A way to import files into the database of a test file. */
export function importer(database: { readonly stores: Stores }) {
  let keys = 0;
  /** Imports a file; with a key of its own unless told, and null for a dry run. */
  function take(
    kind: ImportKind,
    file: string | Uint8Array,
    key?: string | null,
    onProgress?: (checked: number, rows: number) => void,
  ): Promise<ImportResult> {
    const { imports, directory } = database.stores;
    keys += 1;
    return importFile(
      {
        imports,
        directory,
        now: () => '2026-11-22T06:00:00.000Z',
        ...(onProgress ? { onProgress } : {}),
      },
      {
        kind,
        file: typeof file === 'string' ? Buffer.from(file) : file,
        write: key === null ? null : { scope: 'test', key: key ?? `key-${keys}` },
        by,
      },
    );
  }
  /** What is wrong with a file; fails when nothing is. */
  async function wrong(kind: ImportKind, file: string | Uint8Array): Promise<CellError[]> {
    const result = await take(kind, file);
    if (result.kind !== 'wrong') throw new Error(JSON.stringify(result));
    return result.errors;
  }
  return { take, wrong };
}

export const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/** A customer as a checked row of a file. */
export const customer = (customerNumber: string, name: string) => ({
  customerNumber,
  name,
  kind: 'individual',
  territory: 'north',
});
