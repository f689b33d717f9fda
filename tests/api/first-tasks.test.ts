import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { caseShape } from '../../api/shapes/case.ts';
import { flows } from '../../domain/catalogue.ts';
import { readCase, standing } from '../support/api/case-walk.ts';
import { firstExample } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const open = (request: unknown, key: string = randomUUID()) =>
  door.call('POST', '/v1/cases', 'hotline', request, key);

test.each(flows)('who opens $name is answered with its first open task', async ({ examples }) => {
  const key = randomUUID();
  const { status, body } = await open(examples[0], key);
  expect(status).toBe(201);
  expect(body.openTasks).not.toEqual([]);
  const first = standing(caseShape.parse(body));
  expect(first).toEqual(standing(await readCase(door, first.caseNumber)));
  expect(await open(examples[0], key)).toMatchObject({ status: 200, body: first });
});

test('with nobody at work it is 201 without tasks after two seconds, and they come with the worker', async () => {
  await door.world.workers.stop();
  const machine = { customerNumber: 'CU-1003', serialNumber: 'NET-SCH-0001' };
  const fault = { code: 'NET-NO-LINK', description: 'No link on any port.' };
  const began = Date.now();
  const { status, body } = await open(firstExample({ ...machine, fault }));
  const took = Date.now() - began;
  expect([status, body.openTasks]).toEqual([201, []]);
  expect(took).toBeGreaterThan(1_900);
  expect(took).toBeLessThan(10_000); // not as long as an act may take
  const handle = door.world.client.workflow.getHandle(String(body.caseNumber));
  expect(await handle.describe()).toMatchObject({ status: { name: 'RUNNING' } });
  await door.world.workers.start();
  await expect
    .poll(async () => (await readCase(door, String(body.caseNumber))).openTasks.length, {
      timeout: 20_000,
    })
    .toBe(1);
});
