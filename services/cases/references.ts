import type { referencesIn } from '../../domain/fields.ts';
import type { DirectoryStore, ReferenceKind, References } from '../directory/index.ts';

type Reference = ReturnType<typeof referencesIn>[number];

/** One error for each field that names a number or code which nothing bears. */
export async function unknownFields(
  directory: Pick<DirectoryStore, 'unknown'>,
  references: Reference[],
): Promise<{ pointer: string; detail: string }[]> {
  if (references.length === 0) return [];
  const asked: References = {};
  for (const { kind, value } of references) {
    const name = kind as ReferenceKind;
    asked[name] = [...(asked[name] ?? []), value];
  }
  const unknown = await directory.unknown(asked);
  return references
    .filter(({ kind, value }) => unknown[kind as ReferenceKind]?.includes(value))
    .map(({ kind, pointer }) => ({ pointer, detail: `unknown ${kind}` }));
}
