import postgres from 'postgres';

/** A bounded pool. Instants come back as ISO 8601 UTC with `Z`, days as `YYYY-MM-DD`, int8 as number. */
export type Sql = postgres.Sql;

export interface ConnectOptions {
  /** Connections at most; 10 when undefined. */
  max?: number | undefined;
  /** Milliseconds a statement may run before the server ends it; 5,000 when undefined. */
  statementTimeoutMs?: number | undefined;
  /** Seconds to wait for a connection; 5 when undefined. */
  connectTimeoutS?: number | undefined;
  applicationName?: string | undefined;
}

const instants = {
  to: 1184,
  from: [1184],
  serialize: (at: string) => at,
  parse: (at: string) => new Date(at).toISOString(),
};
const days = {
  to: 1082,
  from: [1082],
  serialize: (day: string) => day,
  parse: (day: string) => day,
};
/** Ours, since the library would ask the server for its array types in a call of its own, whose failure ends the process. */
const texts = {
  to: 1009,
  from: [1009],
  serialize: (list: string[]) =>
    `{${list.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
  parse: (list: string) =>
    [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^,{}]+)/gs)].map(
      ([, quoted, plain]) => quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '',
    ),
};
const wholeNumbers = { to: 20, from: [20], serialize: (n: number) => String(n), parse: Number };

/** Opens a pool on PostgreSQL; nothing is sent before the first statement. End it with `sql.end()`. */
export function connect(databaseUrl: string, options: ConnectOptions = {}): Sql {
  const sql: unknown = postgres(databaseUrl, {
    max: options.max ?? 10,
    connect_timeout: options.connectTimeoutS ?? 5,
    idle_timeout: 60,
    backoff: (attempt: number) => Math.min(attempt * 0.1, 1), // seconds: back soon after the database is
    onnotice: () => {},
    fetch_types: false,
    types: { date: instants, day: days, bigint: wholeNumbers, texts },
    connection: {
      TimeZone: 'UTC',
      application_name: options.applicationName ?? 'afterloop',
      statement_timeout: options.statementTimeoutMs ?? 5_000,
    },
  });
  return sql as Sql; // the library's type names the parsers' types; nobody needs them
}
