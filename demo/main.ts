/** `npm run demo [-- URL] [--fast]`: plays three told cases and one of each other flow against the running system. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { checkReady } from '../setup/doctor/network.ts';
import { baseUrl } from '../setup/summary.ts';
import { createApi, DemoError } from './api.ts';
import { playAll } from './program.ts';
import { replaceWorker, workerOf } from './worker.ts';

const toReadMs = 1_200;

await runMain(async () => {
  const environment = processEnvironment();
  const config = loadConfig(environment);
  const options = { fast: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const local = baseUrl(config);
  const base = (positionals[0] ?? environment.BASE ?? local).replace(/\/+$/, '');
  await mustBeReady(base);
  await playAll({
    api: createApi(base),
    say,
    tell,
    pause: () => delay(values.fast ? 0 : toReadMs),
    breakSomething: base === local ? () => killWorker(config.dataDir) : null,
  });
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(who: string | null, what: string): void {
  say(`${new Date().toTimeString().slice(0, 8)}  ${(who ?? '').padEnd(12)}${what}`);
}

/** Asked without a token: a stranger learns none. */
async function mustBeReady(base: string): Promise<void> {
  const { state, said } = await checkReady(base, { api: '', worker: '' });
  if (state !== 'ok') throw new DemoError(`The demo needs Afterloop (npm start): ${said}.`);
}

/** Whoever answers next waits until there is a worker again. */
async function killWorker(dataDir: string): Promise<void> {
  const killed = await workerOf(dataDir);
  if (killed === null)
    return tell('⚡', 'no worker of npm start on this machine: nothing is broken');
  tell(
    '⚡',
    `something breaks: the worker, process ${killed}, is killed in the middle of this case`,
  );
  const began = Date.now();
  const again = await replaceWorker(dataDir, killed);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (again === null) tell('⚡', 'none is started in its place: start one, and the case goes on');
  else
    tell(
      '⚡',
      `npm start has begun another, process ${again}, after ${seconds} s: the case goes on where it was`,
    );
}
