import type { Sql } from '../db/connect.ts';

/** Keeps a document once under its key, whoever repeats it. */
type Keep = (key: string, body: object) => Promise<{ key: string }>;

const names = [
  'sendMessages',
  'rank',
  'book',
  'finish',
  'reserve',
  'issueLoan',
  'returnLoan',
  'createServiceRecord',
  'registerWarrantyClaim',
  'recordSignature',
  'recordFailure',
  'fileKnowledge',
  'archiveCase',
] as const;

/** The product's effects of in-warranty repair, by their names there. */
export type TwinActivities = Record<(typeof names)[number], Keep>;

/** Each effect is one statement, as the product's are. */
export function createTwinActivities(sql: Sql): Record<string, Keep> {
  const keep: Keep = async (key, body) => {
    await sql`insert into bench.documents (key, body) values (${key}, ${JSON.stringify(body)}::jsonb)
      on conflict do nothing`;
    return { key };
  };
  return Object.fromEntries(names.map((name) => [name, keep]));
}
