/** `npm start`: brings everything up, says where it is, keeps it up, and takes it down in order. */

import { once } from 'node:events';
import { ConfigError, loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import {
  bringUpDatabase,
  bringUpEngine,
  bringUpNamespace,
  bringUpProcesses,
  bringUpSchema,
  claimDataFolder,
  type Start,
} from './bring-up.ts';
import { createSteps } from './steps.ts';
import { summaryOf } from './summary.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort());

await runMain(async () => {
  const environment = processEnvironment();
  const config = loadConfig(environment);
  if (config.auth.kind === 'missing') throw new ConfigError(config.auth.message);
  const start: Start = { config, environment, steps: createSteps(), undo: [] };
  try {
    await bringUp(start);
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  } finally {
    await takeDown(start);
  }
});
process.exit();

async function bringUp(start: Start): Promise<void> {
  await claimDataFolder(start);
  const all = [
    ['PostgreSQL', bringUpDatabase],
    ['Temporal', bringUpEngine],
    ['Namespace', bringUpNamespace],
    ['Database', bringUpSchema],
    ['Worker and API', bringUpProcesses],
  ] as const;
  for (const [title, work] of all) {
    if (stopping.signal.aborted) return;
    await start.steps.step(title, (report) => work(start, report));
  }
  process.stdout.write(`\n${await summaryOf(start.config)}\n`);
}

async function takeDown({ steps, undo }: Start): Promise<void> {
  if (undo.length > 0) steps.note('Stopping; all cases are kept');
  for (const down of undo.reverse()) {
    await down().catch((error: Error) => process.stderr.write(`${error.message}\n`));
  }
}
