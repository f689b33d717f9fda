/** The types that a client generator makes of the door's document: it must know as much as we do. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** It stands on a TypeScript that is not the product's, and so in a folder of its own. */
const packages = { 'openapi-typescript': '7.13.0', typescript: '5.9.3' };
const run = promisify(execFile);

async function installGenerator(cacheDir: string): Promise<string> {
  const home = join(cacheDir, `openapi-typescript-${packages['openapi-typescript']}`);
  if (existsSync(home)) return home;
  const draft = `${home}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeFileSync(
    join(draft, 'package.json'),
    JSON.stringify({ private: true, dependencies: packages }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: draft });
  renameSync(draft, home);
  return home;
}

/** What is another's to know: a schema, and what each flow is opened with, finds out and writes down. */
const open = [
  'JsonSchema',
  'CaseFacts',
  'EventDetail',
  'RecordBody',
  'ScheduleRequest',
  'ScheduleRequestInput',
];
const isOpen = (line = ''): boolean => open.some((name) => line.trim() === `${name}: {`);
/** Headers that nobody described, and the word itself as a value. */
const isHarmless = /^\s*\[name: string\]: unknown;$|"unknown"/;

/** The lines of the generated types that say `unknown` where we know; empty when there are none. */
export async function unknownTypes(cacheDir: string, document: string): Promise<string[]> {
  const home = await installGenerator(cacheDir);
  const [input, output] = [join(home, 'openapi.json'), join(home, 'openapi.ts')];
  writeFileSync(input, document);
  await run(join(home, 'node_modules/.bin/openapi-typescript'), [input, '-o', output]);
  const lines = readFileSync(output, 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    /\bunknown\b/.test(line) && !isHarmless.test(line) && !isOpen(lines[index - 1])
      ? [`openapi.ts:${index + 1}: ${line.trim()}`]
      : [],
  );
}
