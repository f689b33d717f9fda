import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
} from '@temporalio/worker';
import type { EngineSettings } from '../config/index.ts';
import { deploymentName } from '../config/versions.ts';

/** The activities of each task queue; those of our own database run beside the workflows. */
export interface ActivitiesByQueue {
  workflows: object;
  parts: object;
  dispatch: object;
  notification: object;
}

/** What the workers of one process need. */
export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  engine: Pick<EngineSettings, 'taskQueues' | 'worker'>;
  activities: ActivitiesByQueue;
  workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  /** The build that these workers are, for an engine that shares cases out between builds; unversioned when undefined. */
  buildId?: string | undefined;
  /** True: `patched` says no to every case that meets it first here, and the case remembers. */
  holdPatches?: boolean | undefined;
}

/** Workers that poll. */
export interface RunningWorkers {
  /** Settles when all have ended; rejects when one of them fails, after the others have been stopped. */
  done: Promise<void>;
  /** Takes no new work, finishes what is under way, and ends. */
  stop(): Promise<void>;
}

/** Starts one worker per task queue: one for workflows and bookkeeping, and one per service, so that a slow service starves no other. */
export async function runWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const workers = [await createWorkflowWorker(options)];
  for (const service of ['parts', 'dispatch', 'notification'] as const) {
    workers.push(await createServiceWorker(options, service));
  }
  const stopAll = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(stopAll));
  const done = Promise.allSettled(runs)
    .then(() => Promise.all(runs))
    .then(() => undefined);
  done.catch(() => undefined); // whoever awaits `done` or `stop()` hears of it
  const stop = () => {
    stopAll();
    return done;
  };
  return { done, stop };
}

function createWorkflowWorker(options: WorkersOptions): Promise<Worker> {
  const { worker: limits, taskQueues } = options.engine;
  return Worker.create({
    ...common(options),
    taskQueue: taskQueues.workflows,
    workflowBundle: options.workflowBundle,
    activities: options.activities.workflows,
    stickyQueueScheduleToStartTimeout: limits.stickyScheduleToStartMs,
    maxCachedWorkflows: limits.maxCachedWorkflows,
    maxConcurrentWorkflowTaskExecutions: limits.maxConcurrentWorkflowTasks,
    maxConcurrentLocalActivityExecutions: limits.maxConcurrentLocalActivities,
    ...(options.holdPatches ? { patchActivationCallback: () => false } : {}),
  });
}

function createServiceWorker(
  options: WorkersOptions,
  service: 'parts' | 'dispatch' | 'notification',
): Promise<Worker> {
  return Worker.create({
    ...common(options),
    taskQueue: options.engine.taskQueues[service],
    activities: options.activities[service],
  });
}

function common({ connection, namespace, engine, buildId }: WorkersOptions) {
  return {
    connection,
    namespace,
    maxConcurrentActivityTaskExecutions: engine.worker.maxConcurrentActivities,
    shutdownGraceTime: engine.worker.shutdownGraceMs,
    shutdownForceTime: engine.worker.shutdownForceMs,
    ...(buildId === undefined ? {} : { workerDeploymentOptions: deploymentOf(buildId) }),
  };
}

/** All queues are of one version: a case's effects are carried out by the build that asked for them. */
function deploymentOf(buildId: string): WorkerDeploymentOptions {
  return {
    useWorkerVersioning: true,
    version: { deploymentName, buildId },
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  };
}
