import { Client, ServiceError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, caseFactory, openTask, timelineOf } from '../support/api/case-walk.ts';
import { type Door, engineOf, openDoor } from '../support/api/door.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let door: Door;
const newCase = caseFactory(() => door);
/** The update ids that the engine was asked with; the first two answers are lost on the way. */
const asked: string[] = [];

/** As the server says it when a step of the worker was lost. */
const lost = () =>
  new ServiceError('Workflow Update failed', {
    cause: Object.assign(
      new Error(
        'Unable to perform workflow execution update due to unexpected workflow task failure',
      ),
      { code: 9, details: '', metadata: {} },
    ),
  });

beforeAll(async () => {
  world = await startWorld();
  const { connection, namespace } = world;
  const client = new Client({
    connection,
    namespace,
    interceptors: {
      workflow: [
        {
          async startUpdate(input, next) {
            asked.push(String(input.options.updateId));
            const given = await next(input);
            if (asked.length < 3) throw lost();
            return given;
          },
        },
      ],
    },
  });
  door = await openDoor(world.sql, engineOf({ ...world, client }));
});
afterAll(async () => {
  await door.app.close();
  await world.close();
});

test('what the engine lost is asked again under the same update id, and applied once', async () => {
  const caseNumber = await newCase();
  const task = await openTask(door, caseNumber, 'reportPhoneTriage');
  expect((await answer(door, task)).status).toBe(200);
  expect(asked).toHaveLength(3);
  expect(new Set(asked).size).toBe(1);
  const events = await timelineOf(door, caseNumber);
  expect(events.filter(({ kind }) => kind === 'taskAnswered')).toHaveLength(1);
});
