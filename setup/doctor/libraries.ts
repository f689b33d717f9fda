/** The libraries as they lie in node_modules: what npm may have made of the lockfile. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../processes.ts';
import { type Finding, isAtLeast, ok, todo } from './finding.ts';

const again = 'install anew: npm ci';
const packageFile = z.object({ version: z.string() });

/** All of Temporal's SDK at one version, each once: the SDK's parts refuse each other otherwise. */
export function checkSdk(root: string): Finding {
  const about = 'Temporal SDK';
  const once = globSync('node_modules/@temporalio/*/package.json', { cwd: root });
  const nested = globSync('node_modules/{*,@*/*}/node_modules/@temporalio/*', { cwd: root });
  const versions = [...new Set(once.map((path) => versionAt(root, path)))];
  if (nested.length > 0) return todo(about, `there twice: ${nested.join(', ')}`, again);
  if (versions.length === 1) return ok(about, `${versions[0]}, ${once.length} packages`);
  if (versions.length === 0) return todo(about, 'not installed', again);
  return todo(about, `mixed versions: ${versions.join(', ')}`, again);
}

/** One protobufjs for the whole SDK: with a second one, histories can't be read ("type must be a Type"). */
export function checkProtobuf(root: string, least = '8.0.0'): Finding {
  const about = 'protobufjs';
  const version = versionAt(root, 'node_modules/protobufjs/package.json');
  const second = globSync('node_modules/@temporalio/*/node_modules/protobufjs', { cwd: root });
  if (second.length > 0)
    return todo(about, `a second one for the SDK: ${second.join(', ')}`, again);
  if (isAtLeast(version, least)) return ok(about, `${version}, one for the SDK`);
  return todo(about, `${version || 'not installed'}; ${least} or later is meant`, again);
}

/** The lines that patches/ adds to a library, in the library. */
export function checkPatch(root: string): Finding {
  const about = 'driver patch';
  const patches = globSync('patches/*.patch', { cwd: root });
  const missing = patches.filter((path) => !isApplied(root, readIfThere(join(root, path)) ?? ''));
  if (missing.length === 0) return ok(about, `applied: ${patches.join(', ') || 'none is needed'}`);
  return todo(about, `not applied: ${missing.join(', ')}`, 'npx patch-package, or npm ci');
}

function isApplied(root: string, patch: string): boolean {
  const files = patch.split(/^diff --git .*$/m).slice(1);
  return files.every((part) => {
    const [, path = ''] = /^\+\+\+ b\/(.+)$/m.exec(part) ?? [];
    const patched = readIfThere(join(root, path))?.split('\n') ?? [];
    const added = part
      .split('\n')
      .flatMap((line) => (/^\+(?!\+\+ )/.test(line) ? [line.slice(1)] : []));
    const times = (lines: string[], line: string) => lines.filter((one) => one === line).length;
    return added.every((line) => times(patched, line) >= times(added, line));
  });
}

function versionAt(root: string, path: string): string {
  const text = readIfThere(join(root, path));
  return text === null ? '' : packageFile.parse(JSON.parse(text)).version;
}
