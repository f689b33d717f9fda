/** `npm run upgrade:check`: replays the open cases of the engine on this build, before it takes over. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { log } from '@clack/prompts';
import { Client, type Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Config, loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { bundleWorkflows } from '../worker/bundle.ts';
import { connectWithPatience } from './connect.ts';
import { createSteps, type Steps } from './steps.ts';
import { type Asked, readArguments } from './upgrade/arguments.ts';
import { checkUpgrade, type ReplayTally, summaryOf } from './upgrade/check.ts';
import { openReplayed } from './upgrade/replayed.ts';
import type { OpenRun } from './upgrade/runs.ts';

await runMain(async () => {
  const environment = processEnvironment();
  const asked = readArguments(process.argv.slice(2), environment.INIT_CWD ?? '.');
  const config = loadConfig(environment);
  quietSdk();
  const steps = createSteps();
  const connection = await connectWithPatience(config);
  try {
    const code = await bundle(steps);
    const { broken } = await replay(steps, { config, asked, code, connection });
    if (broken > 0) process.exitCode = 1;
  } finally {
    await connection.close();
  }
});

/** We say ourselves what doesn't replay; without signals of its own the SDK lets Ctrl-C end us at once. */
function quietSdk(): void {
  const logging = { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } as const;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    shutdownSignals: [],
    telemetryOptions: { logging },
  });
}

async function bundle(steps: Steps): Promise<string> {
  let code = '';
  await steps.step('Bundle this build', async () => {
    code = (await bundleWorkflows()).code;
    return `${Math.round(code.length / 1024)} KiB`;
  });
  return code;
}

interface Replay {
  config: Config;
  asked: Asked;
  code: string;
  connection: Connection;
}

async function replay(
  steps: Steps,
  { config, asked, code, connection }: Replay,
): Promise<ReplayTally> {
  const { namespace, dataDir, engine } = config;
  const path = asked.state ?? join(dataDir, 'upgrade-check.jsonl');
  const build = createHash('sha256').update(code).digest('hex');
  let tally: ReplayTally = { replayed: 0, unchanged: 0, closed: 0, broken: 0 };
  await steps.step(`Replay open cases of ${namespace}`, async (progress) => {
    tally = await checkUpgrade({
      client: new Client({ connection, namespace }),
      wanted: { taskQueue: engine.taskQueues.workflows, flow: asked.flow },
      sample: asked.sample,
      concurrency: asked.concurrency,
      workflowBundle: { code },
      replayed: openReplayed(path, { build, namespace }, asked.resume),
      progress,
      broken: tellBroken,
    });
    return summaryOf(tally);
  });
  return tally;
}

function tellBroken({ workflowId, flow, runId }: OpenRun, reason: string): void {
  if (process.stdout.isTTY) log.error(`${workflowId} (${flow}, run ${runId}): ${reason}`);
  else process.stdout.write(`${JSON.stringify({ broken: { workflowId, flow, runId, reason } })}\n`);
}
