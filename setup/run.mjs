#!/usr/bin/env node
/** What every npm script goes through: installs the dependencies when they aren't those of the lockfile, then runs a script
 *  or a tool with the pinned Node. Needs nothing but Node 20.3 and npm. */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, 'node', 'bin', 'node');
/** The last thing an install writes. npm's own lockfile is there before the patches are. */
const mark = join(modules, '.afterloop-installed');
const environment = {
  ...process.env,
  PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
};

const [target, ...args] = process.argv.slice(2);
if (target === '--installed') {
  writeFileSync(mark, '');
  process.exit();
}
if (!isInstalled()) await install();
const script = target.endsWith('.ts')
  ? join(root, target)
  : realpathSync(join(modules, '.bin', target));
const program = existsSync(pinnedNode) ? pinnedNode : process.execPath;
process.exit(
  await ended(spawn(program, [script, ...args], { env: environment, stdio: 'inherit' })),
);

/** An install must have come to its end. npm keeps what it installed in a lockfile of its own: each package that isn't
 *  optional must be there in our lockfile's version. */
function isInstalled() {
  if (!existsSync(mark)) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const found = readPackages(join(modules, '.package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || found[path]?.version === version,
  );
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

async function install() {
  rmSync(mark, { force: true }); // npm deletes the old packages in no order
  const began = Date.now();
  const tell = () =>
    process.stderr.write(
      `Installing dependencies: ${Math.round((Date.now() - began) / 1000)} s, usually one to two minutes\n`,
    );
  tell();
  const ticking = setInterval(tell, 10_000);
  const [program, ...first] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const options = ['ci', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await ended(
    spawn(program, [...first, ...options], { cwd: root, stdio: ['ignore', 2, 2] }),
  );
  clearInterval(ticking);
  if (code !== 0) process.exit(code);
}

/** Its exit code. Until then it is as if it were us: signals go on to it, and it doesn't outlive us. */
function ended(child) {
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT'); // a terminal has sent it to the child already
  });
  // npm and its shell may end without passing the signal on: then we are adopted by another parent
  const parent = process.ppid;
  const orphaned = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500);
  orphaned.unref();
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code, signal) => resolve(signal === null ? code : 1));
  });
}
