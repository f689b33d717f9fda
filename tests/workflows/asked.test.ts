/** Who asks a workflow where it stands, as the Temporal UI does for its page, does not cut its work short. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDesk, type Desk } from '../support/workflows/desk.ts';
import { allIsWell } from '../support/workflows/replay.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let desk: Desk;
/** While it is set, a step that is written waits for it. */
let gate: { reached: () => void; open: Promise<void> } | null = null;
beforeAll(async () => {
  world = await startWorld({
    wrap: (deps) => ({
      ...deps,
      progress: {
        ...deps.progress,
        async record(progress) {
          const passing = gate;
          passing?.reached();
          await passing?.open;
          return deps.progress.record(progress);
        },
      },
    }),
  });
  desk = createDesk(world);
});
afterAll(async () => {
  await allIsWell(world);
  await world.close();
});

test('asked along with a step that is being written, it replies once that is done', async () => {
  const theCase = await desk.open();
  await theCase.task('reportPhoneTriage');
  await world.workers.stop(); // so that word and question come with one task
  await theCase.handle.signal('reportAgain', 'not an envelope');
  const replied: string[] = [];
  const asked = theCase.handle
    .query('__temporal_workflow_metadata')
    .then(() => replied.push('reply'));
  await delay(1_000);
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const { promise: open, resolve: letPass } = Promise.withResolvers<void>();
  gate = { reached: reach, open };
  await world.workers.start();
  await reached;
  await delay(1_000);
  expect(replied).toEqual([]);
  gate = null;
  letPass();
  await asked;
  const ignored = (await theCase.timeline()).filter(({ kind }) => kind === 'signalIgnored');
  expect(ignored).toHaveLength(1);
});
