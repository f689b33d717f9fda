import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startWorld, type World } from '../support/world.ts';

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } =
  proto.temporal.api.enums.v1.TaskQueueType;
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

async function pollers(name: string, taskQueueType: number): Promise<number> {
  const { namespace, connection } = world;
  const found = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType,
  });
  return found.pollers.length;
}

test('flows are polled on their own queue, and each service on its', async () => {
  const { workflows, ...services } = world.engine.taskQueues;
  await vi.waitFor(async () => {
    expect(await pollers(workflows, TASK_QUEUE_TYPE_WORKFLOW)).toBeGreaterThan(0);
    for (const queue of Object.values(services)) {
      expect(await pollers(queue, TASK_QUEUE_TYPE_ACTIVITY)).toBeGreaterThan(0);
    }
  }, 20_000);
});

test('a service queue runs no flows, so a slow service holds up no case', async () => {
  expect(await pollers(world.engine.taskQueues.parts, TASK_QUEUE_TYPE_WORKFLOW)).toBe(0);
});

test('workers stop in order and start again', async () => {
  await world.workers.stop();
  await world.workers.start();
});
