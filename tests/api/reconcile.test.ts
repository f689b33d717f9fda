import { expect, test, vi } from 'vitest';
import { createWorkflowReader, reconcile } from '../../services/cases/index.ts';
import { createStores } from '../../services/stores.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();

const example = {
  flow: 'inWarrantyRepair',
  customerNumber: 'CU-1001',
  serialNumber: 'ZE230E-000117',
  channel: 'phone',
  contact: { name: 'Li Wei', phone: '1' },
  fault: { code: 'HYD-PUMP-LOSS', description: 'x' },
};
const openTasks = async (caseNumber: string) => {
  const { body } = await door.call('GET', `/v1/cases/${caseNumber}`, 'hotline');
  return (body.openTasks as { id: string }[]).map((task) => task.id);
};

test('histories say where workflows stand: nobody need be at work, and no case is loaded', async () => {
  const repair = { ...example, serialNumber: 'NET-SCH-0001', customerNumber: 'CU-1003' };
  const fault = { code: 'NET-NO-LINK', description: 'x' };
  for (const serialNumber of ['NET-SCH-0001', 'NET-SCH-0002']) {
    const request = { ...repair, serialNumber, fault };
    expect((await door.call('POST', '/v1/cases', 'hotline', request, serialNumber)).status).toBe(
      201,
    );
  }
  await door.world.workers.stop();
  const { acts } = createStores(door.world.sql);
  const reader = createWorkflowReader(door.world.client);
  const asked: string[] = [];
  const revisionOf = async (workflowId: string) => asked.push(workflowId);
  expect(await acts.unchecked(0, 10)).toHaveLength(2);
  expect(await reconcile({ acts, reader: { ...reader, revisionOf } }, 0)).toBe(0);
  expect(await acts.unchecked(0, 10)).toEqual([]);
  expect(asked).toEqual([]);
  await door.world.workers.start();
});

test('a step that was written and then lost is found, and the workflow tells where it stands', async () => {
  const opened = await door.call('POST', '/v1/cases', 'hotline', example, 'reconcile-1');
  const caseNumber = String(opened.body.caseNumber);
  await vi.waitFor(
    async () => expect(await openTasks(caseNumber)).toEqual(['reportPhoneTriage-1']),
    10_000,
  );
  const { acts, cases, progress } = createStores(door.world.sql);
  const deps = { acts, reader: createWorkflowReader(door.world.client) };
  expect(await reconcile(deps, 0)).toBe(0);
  expect(await acts.unchecked(0, 10)).toEqual([]);

  const row = await cases.get(caseNumber);
  if (!row?.runId) throw new Error('not started');
  const revision = row.revision + 1;
  await progress.record({
    effectKey: `${caseNumber}/1/progress/${revision}`,
    caseNumber,
    workflowId: caseNumber,
    runId: row.runId,
    cycle: 1,
    revision,
    view: { ...row.view, stage: 'guidingReplacement' },
    openTasks: [],
    events: [],
  });
  expect(await openTasks(caseNumber)).toEqual([]);

  expect(await reconcile(deps, 0)).toBe(1);
  await vi.waitFor(
    async () => expect(await openTasks(caseNumber)).toEqual(['reportPhoneTriage-1']),
    10_000,
  );
  expect((await cases.get(caseNumber))?.view.stage).toBe('phoneTriage');
  expect(await reconcile(deps, 0)).toBe(0);
});
