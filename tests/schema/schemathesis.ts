/** Schemathesis in a virtual environment of its own, kept in the cache: it is Python, and none of the product's dependencies. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = '4.32.5';
const run = promisify(execFile);

/** Its program, installed when the cache doesn't hold it. Fails with what to do where there is no Python, or none of its packages. */
export async function installSchemathesis(cacheDir: string): Promise<string> {
  const home = join(cacheDir, `schemathesis-${version}`);
  const done = join(home, 'installed');
  const bin = join(home, process.platform === 'win32' ? 'Scripts' : 'bin');
  if (existsSync(done)) return join(bin, 'schemathesis');
  const python = await findPython();
  process.stdout.write(`Installing schemathesis ${version} into ${home}\n`);
  rmSync(home, { recursive: true, force: true });
  await run(python, ['-m', 'venv', home]);
  await run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${version}`]);
  writeFileSync(done, '');
  return join(bin, 'schemathesis');
}

async function findPython(): Promise<string> {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  for (const name of ['python3', 'python']) {
    const fits = await run(name, ['-c', check]).then(
      () => true,
      () => false,
    );
    if (fits) return name;
  }
  throw new Error(
    'test:schema needs Python 3.10 or newer with venv (Debian: python3-venv) on the PATH. Nothing else of the product does.',
  );
}

/** Tries every operation that the document at `base` tells of, and prints what it finds; the exit code is 0 when that is nothing. */
export async function runSchemathesis(
  program: string,
  { base, token, more }: { base: string; token: string; more: string[] },
): Promise<number> {
  const config = join(import.meta.dirname, 'schemathesis.toml');
  const args = ['--config-file', config, 'run', `${base}/openapi.json`];
  const child = spawn(program, [...args, '-H', `Authorization: Bearer ${token}`, ...more], {
    stdio: 'inherit',
    cwd: tmpdir(), // where it leaves notes of its own
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
