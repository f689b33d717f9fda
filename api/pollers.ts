/** Who is at work, as the engine sees it. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Pollers } from './engine.ts';

const { TaskQueueType, WorkerVersioningMode } = proto.temporal.api.enums.v1;
const { WORKER_VERSIONING_MODE_VERSIONED } = WorkerVersioningMode;

interface Place {
  namespace: string;
  taskQueues: { workflows: string; [activities: string]: string };
}

/** Asks the engine about each task queue. */
export async function readPollers(
  client: Client,
  { namespace, taskQueues }: Place,
): Promise<Pollers> {
  const ask = async (queue: string, type: 'WORKFLOW' | 'ACTIVITY') => {
    const found = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType: TaskQueueType[`TASK_QUEUE_TYPE_${type}`],
    });
    return { ...found, queue, polling: (found.pollers ?? []).filter(isFresh) };
  };
  const { workflows, ...others } = taskQueues;
  const [cases, ...rest] = await Promise.all([
    ask(workflows, 'WORKFLOW'),
    ...Object.values(others).map((queue) => ask(queue, 'ACTIVITY')),
  ]);
  const queues = [cases, ...rest].map(({ queue, polling }) => [queue, polling.length > 0] as const);
  return { queues: Object.fromEntries(queues), currentBuild: isServed(cases) };
}

type Queue = Awaited<ReturnType<Client['workflowService']['describeTaskQueue']>>;
type Poller = NonNullable<Queue['pollers']>[number];

/** The server remembers a poller for five minutes; one that lives came by within the last 90 s (a long poll lasts 60). */
const isFresh = ({ lastAccessTime }: Poller): boolean =>
  Number(lastAccessTime?.seconds ?? 0) * 1000 > Date.now() - 90_000;

/** All cases go to the current build, but for the share of a ramp. */
function isServed({
  polling,
  versioningInfo,
}: Pick<Queue, 'versioningInfo'> & { polling: Poller[] }): boolean {
  const { currentDeploymentVersion, rampingDeploymentVersion, rampingVersionPercentage } =
    versioningInfo ?? {};
  const given = [named(currentDeploymentVersion)];
  if (rampingVersionPercentage) given.push(named(rampingDeploymentVersion));
  const atWork = new Set(polling.map(buildOf));
  return given.every((build) => atWork.has(build));
}

const buildOf = ({ deploymentOptions: own }: Poller): string =>
  named(own?.workerVersioningMode === WORKER_VERSIONING_MODE_VERSIONED ? own : null);

interface Version {
  deploymentName?: string | null;
  buildId?: string | null;
}
/** '' stands for all workers without a version. */
const named = (version: Version | null | undefined): string =>
  version?.buildId ? `${version.deploymentName}/${version.buildId}` : '';
