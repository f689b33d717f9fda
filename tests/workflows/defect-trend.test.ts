/** FLOW-FRACAS: every closed repair of a real failure counts, and the count opens a defect report by itself, once. */
import { expect, test } from 'vitest';
import { linesOf, repairSwitch, school } from '../support/workflows/defects.ts';
import { eventually } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { fixedByPhone } from '../support/workflows/steps.ts';

const desk = deskOfThisFile();

const recordsOf = (faultCode: string) =>
  desk.stores.defects.questions.failures({ faultCode, limit: 50 });
const reports = () => desk.world.sql<{ caseNumber: string; opened: { id: string } }[]>`
  select case_number as "caseNumber", opened_by as opened from cases where flow = 'defectReport'`;

test('a fault that advice made go away is no failure of the product', async () => {
  const theCase = await desk.open();
  await theCase.walkTo('the end', { reportPhoneTriage: fixedByPhone });
  expect(await theCase.ended()).toMatchObject({ outcome: 'repairedByPhone' });
  expect((await recordsOf('HYD-PUMP-LOSS')).items).toEqual([]);
});

test('many closings at once open one report, which tells those that it came from when it is corrected', async () => {
  // two failures of one unit are not two units
  const twice = [await repairSwitch(desk, 1), await repairSwitch(desk, 1)];
  for (const theCase of twice) await theCase.ended();
  expect(await reports()).toEqual([]);

  const numbers = [2, 3, 4, 5];
  const cases = await Promise.all(
    numbers.map((number) => repairSwitch(desk, number, 'recordCallback')),
  );
  await Promise.all(cases.map((theCase) => theCase.answer('recordCallback')));
  await Promise.all(cases.map((theCase) => theCase.ended()));
  const { items } = await recordsOf('NET-PSU-DROP');
  expect(items.map(({ serialNumber }) => serialNumber).sort()).toEqual(
    [1, 1, ...numbers].map(school),
  );

  const [opened, ...more] = await reports();
  expect(more).toEqual([]);
  expect(opened?.opened.id).toBe('system:flow');
  const caseNumber = opened?.caseNumber ?? '';
  const report = desk.caseOf(caseNumber);
  const { plan } = await report.row();
  expect(plan).toMatchObject({
    productModel: 'NET-SW48',
    faultCode: 'NET-PSU-DROP',
    customerNumber: null,
    serialNumber: null,
    entitlement: null,
    source: { kind: 'trend' },
  });
  // while it is open, the next one counts and opens nothing
  await (await repairSwitch(desk, 6)).ended();
  expect(await reports()).toHaveLength(1);

  await report.walkTo('the end');
  await report.ended();
  const told = await desk.world.sql<{ text: string }[]>`select text from notifications
    where case_number = ${caseNumber} and template = 'defectCorrected'`;
  expect(told).toHaveLength(7);
  expect(told.map(({ text }) => text).join()).toContain(school(6));
  for (const theCase of [...twice, ...cases])
    expect(await linesOf(theCase, 'defectCorrected')).toMatchObject([
      { subject: caseNumber, detail: { actionCode: 'PSU-REV-B' } },
    ]);
  // and while its effect is watched neither
  await (await repairSwitch(desk, 7)).ended();
  expect(await reports()).toHaveLength(1);
  await eventually(
    () => linesOf(report, 'effectCheckPlanned'),
    (lines) => lines.length === 1,
  );
});
