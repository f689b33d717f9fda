/** Builds of the small flow (`tests/support/changing-flow.ts`), and cases that move from one to the next. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../../worker/bundle.ts';
import { startWorld, type World } from '../world.ts';
import type { Case } from './case.ts';
import { createDesk, type Desk, eventually } from './desk.ts';
import { replaced } from './jitter.ts';
import type { History } from './replay.ts';

export type Version = 'old' | 'changed' | 'forGood' | 'gone' | 'mistaken';

export interface Changing {
  world: World;
  desk: Desk;
  /** From here on the workers are that build's. */
  deploy(version: Version): Promise<void>;
  /** Why the build would not replay the history; undefined: it does. */
  refusal(version: Version, history: History): Promise<string | undefined>;
  /** Has the case continue as new. */
  grow(theCase: Case): Promise<void>;
  /** The case's latest run begins once more, as if the workers of this moment had been given its first task. */
  beginRunAnew(theCase: Case): Promise<void>;
}

/** A world without workers until the first build is deployed. */
export async function createChanging(): Promise<Changing> {
  const [world, bundle] = await Promise.all([startWorld({ workers: false }), growingBundle()]);
  const buildOf = (version: Version) => ({
    code: replaced(bundle, 'VERSION OF THE FLOW', version),
  });
  const { workflow, workflowService } = world.client;
  const runOf = async ({ caseNumber }: Case) =>
    (await workflow.getHandle(caseNumber).describe()).runId;
  const moved = (theCase: Case, from: string) =>
    eventually(
      () => runOf(theCase),
      (runId) => runId !== from,
    );
  const firstTaskOf = async (workflowId: string) => {
    const { events } = await workflow.getHandle(workflowId).fetchHistory();
    const done = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    return done?.eventId ?? null;
  };
  return {
    world,
    desk: createDesk(world),
    async deploy(version) {
      await world.workers.stop();
      await world.workers.start(buildOf(version));
    },
    async refusal(version, history) {
      const replays = Worker.runReplayHistories({ workflowBundle: buildOf(version) }, [
        { workflowId: 'replayed', history },
      ]);
      for await (const { error } of replays) return error?.message;
      return 'nothing was replayed';
    },
    async grow(theCase) {
      const runId = await runOf(theCase);
      await theCase.act('note', { reason: 'Called.' }, { actId: `grow-${randomUUID()}` });
      await moved(theCase, runId);
      await eventually(
        () => firstTaskOf(theCase.caseNumber),
        (done) => done !== null,
      );
    },
    async beginRunAnew(theCase) {
      const runId = await runOf(theCase);
      await workflowService.resetWorkflowExecution({
        namespace: world.namespace,
        workflowExecution: { workflowId: theCase.caseNumber, runId },
        reason: 'a test',
        requestId: randomUUID(),
        workflowTaskFinishEventId: await firstTaskOf(theCase.caseNumber),
      });
      await moved(theCase, runId);
    },
  };
}

/** A run continues as new after an act whose id says so, instead of after many. */
async function growingBundle(): Promise<string> {
  const workflowsPath = join(import.meta.dirname, '../changing-flow.ts');
  const { code } = await bundleWorkflows({ workflowsPath });
  const told = "Object.keys(run.state.acts).at(-1)?.startsWith('grow')";
  return replaced(code, 'run.actsInRun >= 1500', `(run.actsInRun > 0 && ${told})`);
}

/** Tasks of a case in the order in which they were opened. */
export async function asked(theCase: Case): Promise<string[]> {
  const timeline = await theCase.timeline();
  return timeline.flatMap(({ kind, subject }) => (kind === 'taskOpened' ? [subject ?? ''] : []));
}
