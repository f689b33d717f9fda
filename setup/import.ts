/** `npm run import -- customers FILE [--dry-run] [--key KEY]`: takes a CSV file into a register; all of it or nothing. */
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, processEnvironment, requireDatabaseUrl } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { connect, type Sql } from '../db/connect.ts';
import { type ImportKind, importKinds, registers } from '../domain/imports/registers.ts';
import { type ImportResult, importFile, maxBytes } from '../services/imports/index.ts';
import { createStores } from '../services/stores.ts';
import { createBar, linesOf } from './import-output.ts';
import { SetupError } from './processes.ts';

/** What was asked for on the command line. */
interface Asked {
  kind: ImportKind;
  path: string;
  dryRun: boolean;
  key: string;
}

await runMain(async () => {
  const environment = processEnvironment();
  const asked = readArguments(process.argv.slice(2), environment.INIT_CWD ?? '.');
  const file = readUpTo(asked.path);
  const url = requireDatabaseUrl(loadConfig(environment));
  const sql = connect(url, {
    max: 2,
    statementTimeoutMs: 120_000,
    applicationName: 'afterloop-import',
  });
  try {
    await mustAnswer(sql);
    const result = await take(sql, asked, file);
    for (const line of linesOf(result)) process.stdout.write(`${line}\n`);
    if (result.kind === 'wrong' || result.kind === 'keyReused') process.exitCode = 1;
  } finally {
    await sql.end({ timeout: 5 });
  }
});

async function mustAnswer(sql: Sql): Promise<void> {
  await sql`select from imports limit 0`.catch(() => {
    throw new SetupError('There is no database of this build. See: npm run doctor');
  });
}

async function take(sql: Sql, { kind, dryRun, key }: Asked, file: Buffer): Promise<ImportResult> {
  const { imports, directory } = createStores(sql);
  const bar = createBar(kind);
  const by = { id: `cli:${userInfo().username}`, role: 'admin' } as const;
  const write = dryRun ? null : { scope: `imports/${by.id}`, key };
  const now = () => new Date().toISOString();
  try {
    const deps = { imports, directory, now, onProgress: bar.show };
    return await importFile(deps, { kind, file, write, by });
  } finally {
    bar.end();
  }
}

function readArguments(args: string[], folder: string): Asked {
  const options = { 'dry-run': { type: 'boolean' }, key: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name, path, ...more] = positionals;
  const kind = importKinds.find((one) => one === name);
  if (!kind || !path || more.length > 0) throw new SetupError(usage());
  const { 'dry-run': dryRun = false, key } = values;
  return { kind, path: resolve(folder, path), dryRun, key: key || randomUUID() };
}

function readUpTo(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.isDirectory()) throw new SetupError(`There is no file ${path}.`);
  if (found.size > maxBytes)
    throw new SetupError(`${path} has ${found.size} bytes; at most ${maxBytes} at a time.`);
  return readFileSync(path);
}

function usage(): string {
  const columns = importKinds.map((kind) => {
    const names = Object.entries(registers[kind].columns);
    const all = names.map(([name, { required }]) => (required ? name : `[${name}]`));
    return `  ${kind.padEnd(10)} ${all.join(',')}`;
  });
  return [
    'npm run import -- REGISTER FILE [--dry-run] [--key KEY]',
    '',
    'Registers, with the columns of their files; those in [ ] may be left out:',
    ...columns,
    '',
    'With a key, a repetition is the same import.',
  ].join('\n');
}
