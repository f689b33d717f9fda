import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { run, SetupError } from './processes.ts';

/** What the search for a program needs to know. */
export interface Search {
  cacheDir: string;
  version: string;
  /** For PATH, and for the programs that are called. */
  environment: Record<string, string | undefined>;
  /** Called with what is being done, for people to watch. */
  report: (line: string) => void;
}

/** Path of a `temporal` program: on PATH, in the cache, downloaded by the SDK, or built with Go. Fails `SetupError` naming all of these. */
export async function findTemporal(search: Search): Promise<string> {
  const cached = join(search.cacheDir, `temporal-${search.version}`);
  const onPath = (search.environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'temporal'));
  const found = [...onPath, cached].find((file) => existsSync(file));
  if (found) return found;
  const draft = makeDraft(search.cacheDir);
  try {
    const made = (await download(search, draft)) ?? (await build(search, draft));
    if (!made) throw new SetupError(noTemporal(search));
    renameSync(made, cached);
    return cached;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function makeDraft(cacheDir: string): string {
  mkdirSync(cacheDir, { recursive: true });
  return mkdtempSync(join(cacheDir, 'draft-'));
}

async function download({ version, report }: Search, draft: string): Promise<string | null> {
  report(`Downloading Temporal CLI ${version}`);
  const executable = {
    type: 'cached-download',
    downloadDir: draft,
    version: `v${version}`,
  } as const;
  try {
    const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
    await environment.teardown();
  } catch {
    return null; // no network, or one without that host: Go's proxy may still be there
  }
  const [file] = readdirSync(draft);
  return file ? join(draft, file) : null;
}

async function build(
  { version, report, environment }: Search,
  draft: string,
): Promise<string | null> {
  const go = await run('go', ['version']).catch(() => '');
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(go) ?? [];
  if (Number(major) !== 1 || Number(minor) < 25) return null;
  const began = Date.now();
  const tell = () =>
    report(
      `Building Temporal CLI ${version} with Go: ${Math.round((Date.now() - began) / 1000)} s of about 200 s`,
    );
  tell();
  const ticking = setInterval(tell, 10_000);
  try {
    const source = `github.com/temporalio/cli/cmd/temporal@v${version}`;
    const env = { ...environment, GOBIN: draft };
    await run('go', ['install', '-ldflags', '-s -w', source], { env });
    return join(draft, 'temporal');
  } finally {
    clearInterval(ticking);
  }
}

function noTemporal({ version, cacheDir }: Search): string {
  return [
    `No Temporal server. One of these helps:`,
    `- put the "temporal" program (${version}) on PATH or at ${join(cacheDir, `temporal-${version}`)},`,
    `- allow its download by the Temporal SDK,`,
    `- install Go 1.25 or later, which builds it from github.com/temporalio/cli,`,
    `- set TEMPORAL_ADDRESS to an existing server.`,
  ].join('\n');
}
