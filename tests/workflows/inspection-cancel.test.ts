/** A round that is canceled, and answers that don't fit it (N9, I14). */
import { expect, test } from 'vitest';
import type { LinkedCase } from '../../domain/linked.ts';
import type { Case } from '../support/workflows/case.ts';
import { eventually, expectRefusal } from '../support/workflows/desk.ts';
import { deskOfThisFile } from '../support/workflows/desk-of-this-file.ts';
import { seen } from '../support/workflows/seen.ts';

const desk = deskOfThisFile();

const round = () => desk.open({ flow: 'scheduledInspection' });
const linkedOf = async (theCase: Case) => (await theCase.view()).facts.linkedCases as LinkedCase[];

const withdrawn = { reason: 'The school is closed.' };
const before: [task: string, visits: string[], linked: number][] = [
  ['planRound', [], 0],
  ['recordAttendance', ['canceled'], 0],
  ['analyseFindings', ['completed'], 0],
  ['decideCauses', ['completed'], 2],
];

test.concurrent.each(before)(
  'canceled while %s is open: the inspector is free again, what was opened goes on',
  async (task, visits, linked) => {
    const theCase = await round();
    await theCase.walkTo(task);
    await theCase.act('cancel', withdrawn, { role: 'hotline' });
    expect(await theCase.ended()).toMatchObject({ status: 'canceled', outcome: 'canceled' });
    await expect(theCase.act('cancel', withdrawn)).rejects.toMatchObject({ name: 'WorkflowGone' });
    const saw = await eventually(
      () => seen(desk.world, theCase.caseNumber),
      ({ messages }) => messages.includes('caseCanceled'),
    );
    expect(saw).toMatchObject({ visits, archived: false });
    const opened = (await linkedOf(theCase)) ?? [];
    expect(opened).toHaveLength(linked);
    for (const one of opened)
      expect(one.was === 'refused' || (await desk.caseOf(one.caseNumber).view()).status).not.toBe(
        'canceled',
      );
  },
);

const late = (serialNumber: string) => ({
  serialNumber,
  running: 'good',
  linesReplaced: 0,
  dustRemoved: true,
  returnVisit: 'satisfied',
});

test.concurrent('an answer that does not fit the round is refused, and says what is missing', async () => {
  const theCase = await round();
  const route = ['NET-SCH-0010', 'NET-SCH-0010', 'NET-SCH-0001'];
  await expectRefusal(theCase.answer('planRound', { route }), 'invalidAnswer');
  await expectRefusal(theCase.answer('planRound', {}, { role: 'hotline' }), 'forbidden');
  await expectRefusal(
    theCase.answer('planRound', { start: '2020-01-01T00:00:00Z', end: '2020-01-01T01:00:00Z' }),
    'invalidAnswer',
  );
  await theCase.answer('planRound');
  await expect(
    theCase.answer('fileLateForm', { entries: [late('NET-SCH-0011'), late('NET-SCH-0012')] }),
  ).rejects.toThrow('NET-SCH-0010 missing');
  await theCase.answers('fileLateForm', 'recordAttendance');
  await expectRefusal(theCase.answer('analyseFindings', { repairs: [9] }), 'invalidAnswer');
  await theCase.answer('analyseFindings');
  await expectRefusal(
    theCase.answer('decideCauses', { decisions: [{ cause: 2, decision: 'watch' }] }),
    'invalidAnswer',
  );
  expect((await theCase.view()).stage).toBe('reporting');
});
