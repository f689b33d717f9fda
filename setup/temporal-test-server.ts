import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { run, SetupError } from './processes.ts';
import type { Search } from './temporal-cli.ts';

/** Path of a time-skipping test server: in the cache, downloaded by the SDK, or fetched by Maven and started by a small script.
 *  Fails `SetupError` naming all of these. */
export async function findTestServer(search: Omit<Search, 'environment'>): Promise<string> {
  const home = join(search.cacheDir, `temporal-test-server-${search.version}`);
  const program = join(home, 'run');
  if (existsSync(program)) return program;
  mkdirSync(search.cacheDir, { recursive: true });
  const draft = mkdtempSync(join(search.cacheDir, 'draft-'));
  try {
    if (!(await download(search, draft)) && !(await fetchByMaven(search, draft))) {
      throw new SetupError(
        `No time-skipping test server ${search.version}. Allow its download by the Temporal SDK, or install Java 11 or later and Maven.`,
      );
    }
    renameSync(draft, home);
    return program;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function download(
  { version, report }: Omit<Search, 'environment'>,
  draft: string,
): Promise<boolean> {
  report(`Downloading the time-skipping test server ${version}`);
  const executable = {
    type: 'cached-download',
    downloadDir: draft,
    version: `v${version}`,
  } as const;
  try {
    await (await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })).teardown();
    const [file] = (await run('ls', [draft])).split('\n');
    if (!file) return false;
    renameSync(join(draft, file), join(draft, 'run'));
    return true;
  } catch {
    return false; // no network, or one without that host: Maven's may still be there
  }
}

async function fetchByMaven(
  { version, report }: Omit<Search, 'environment'>,
  draft: string,
): Promise<boolean> {
  const java = await run('java', ['-version']).catch(() => null);
  const maven = await run('mvn', ['-v']).catch(() => null);
  if (java === null || maven === null) return false;
  report(`Fetching the time-skipping test server ${version} with Maven`);
  const pom = join(draft, 'pom.xml');
  writeFileSync(pom, pomOf(version));
  await run('mvn', [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${join(draft, 'lib')}`,
  ]);
  writeFileSync(join(draft, 'run'), script);
  chmodSync(join(draft, 'run'), 0o755);
  return true;
}

function pomOf(version: string): string {
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>afterloop</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
}

const script = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;
