import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { deploymentName } from '../../config/versions.ts';

const { TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;

/** A worker asks for work once a minute at least; the engine remembers one that is gone for five. */
const silentMs = 70_000;

/** How many workers of each build run cases now; under '' those without a version. */
export async function workersOf({
  connection,
  namespace,
  taskQueue,
}: {
  connection: Connection;
  namespace: string;
  taskQueue: string;
}): Promise<Map<string, number>> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TASK_QUEUE_TYPE_WORKFLOW,
  });
  const counts = new Map<string, number>();
  for (const { deploymentOptions, lastAccessTime } of pollers ?? []) {
    if (Number(lastAccessTime?.seconds ?? 0) * 1000 < Date.now() - silentMs) continue;
    const ours = deploymentOptions?.deploymentName === deploymentName;
    const buildId = ours ? (deploymentOptions.buildId ?? '') : '';
    counts.set(buildId, (counts.get(buildId) ?? 0) + 1);
  }
  return counts;
}
