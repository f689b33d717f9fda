/** `npm run versions -- status | ramp PERCENT | back | current`: which build of the workers gets new cases. */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig, processEnvironment } from '../config/index.ts';
import { runMain } from '../config/run.ts';
import { buildIdOf } from '../config/versions.ts';
import { connectWithPatience } from './connect.ts';
import { SetupError } from './processes.ts';
import { back, makeCurrent, type Place, ramp } from './versions/deployment.ts';
import { readBuilds, tableOf } from './versions/status.ts';

const usage = `npm run versions -- status                     which builds there are, and who gets new cases
npm run versions -- ramp PERCENT [--build ID]  a share of new cases to a build
npm run versions -- back                       the share taken back
npm run versions -- current [--build ID]       all cases to a build

Without --build it is the build of this folder: BUILD_ID, else its revision. See docs/versions.md.`;

await runMain(async () => {
  const config = loadConfig(processEnvironment());
  const act = readAct(process.argv.slice(2), () => buildIdOf(config.versions));
  const connection = await connectWithPatience(config);
  const place = {
    connection,
    namespace: config.namespace,
    taskQueue: config.engine.taskQueues.workflows,
    identity: `cli:${userInfo().username}`,
    patienceMs: 10_000,
  };
  try {
    const said = await act(place);
    process.stdout.write(`${said}${tableOf(await readBuilds(place))}\n`);
  } finally {
    await connection.close();
  }
});

/** Does what was asked for, and says in a line what was done. */
type Act = (place: Place) => Promise<string>;

function readAct(args: string[], thisBuild: () => string): Act {
  const { command, more, build } = parse(args);
  if (command === 'status' && more.length + (build?.length ?? 0) === 0) return async () => '';
  if (command === 'back' && more.length + (build?.length ?? 0) === 0) return goBack;
  const buildId = build ?? thisBuild();
  if (command === 'current' && more.length === 0) return (place) => takeAll(place, buildId);
  const [percent = '', ...none] = more;
  if (command === 'ramp' && /^\d{1,3}$/.test(percent) && Number(percent) <= 100 && !none.length)
    return (place) => share(place, buildId, Number(percent));
  throw new SetupError(usage);
}

function parse(args: string[]) {
  try {
    const options = { build: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [command, ...more] = positionals;
    return { command, more, build: values.build };
  } catch {
    throw new SetupError(usage);
  }
}

async function share(place: Place, buildId: string, percent: number): Promise<string> {
  await ramp(place, buildId, percent);
  return `${percent} % of new cases go to build ${buildId} now. Keep its patches held back (PATCHES=held) until it is current.\n`;
}

async function goBack(place: Place): Promise<string> {
  await back(place);
  return 'No build gets a share beside the current one now.\n';
}

async function takeAll(place: Place, buildId: string): Promise<string> {
  await makeCurrent(place, buildId);
  return `All cases go on on build ${buildId} now.\n`;
}
