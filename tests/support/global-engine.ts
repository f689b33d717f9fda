/** One Temporal server and one workflow bundle for the whole run. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadConfig, processEnvironment } from '../../config/index.ts';
import { anyFreePort } from '../../setup/processes.ts';
import { findTemporal } from '../../setup/temporal-cli.ts';
import { startTemporal } from '../../setup/temporal-server.ts';
import { findTestServer } from '../../setup/temporal-test-server.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
    /** Path of the file with the bundled flows. */
    workflowBundle: string;
    /** The time-skipping server's program, or why there is none. */
    testServer: { path: string; problem: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder();
  const server = await startServer(folder);
  const bundle = join(folder, 'workflows.js');
  writeFileSync(bundle, (await bundleWorkflows()).code);
  project.provide('temporalAddress', server.address);
  project.provide('workflowBundle', bundle);
  project.provide('testServer', await testServer());
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function startServer(dataDir: string) {
  const environment = processEnvironment();
  const { cacheDir, engine, embeddedEngine, connection } = loadConfig(environment);
  // TEMPORAL_ADDRESS names a server: the tests make namespaces of their own there
  if (!embeddedEngine) return { address: connection.address, stop: async () => undefined };
  const search = {
    cacheDir,
    version: engine.embedded.cliVersion,
    environment,
    report: console.log,
  };
  return startTemporal({
    program: await findTemporal(search),
    dataDir,
    port: await anyFreePort(),
    uiPort: null,
    tuning: engine.embedded,
  });
}

function testServer() {
  const { cacheDir, engine } = loadConfig(processEnvironment());
  const version = engine.embedded.testServerVersion;
  return findTestServer({ cacheDir, version, report: console.log }).then(
    (path) => ({ path, problem: '' }),
    (error: Error) => ({ path: '', problem: error.message }),
  );
}
