/** FLOW-FRACAS: failures are counted once, and whoever completes a trend sees it. */
import { expect, test } from 'vitest';
import { opensReport } from '../../domain/recurrence.ts';
import { day, dayMs, failed, newFault, reportOf, school } from '../support/defect-fixtures.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';

const database = databaseOfThisFile();

test('a failure is recorded once per case and cycle, and the same request again answers the same', async () => {
  const fault = await newFault(database, 'T-ONCE');
  const caseNumber = await openedCase(database.stores);
  const request = {
    effectKey: `${caseNumber}/1/defects.recordFailure/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(1),
    faultCode: fault,
    causeCode: 'CAP-AGED',
    remedyCode: 'REPLACED',
    failedAt: day(1),
    windowMs: 90 * dayMs,
  };
  const { effects, questions } = database.stores.defects;
  const first = await effects.recordFailure(request);
  expect(first).toEqual({ serials: [school(1)], report: null });
  expect(await effects.recordFailure(request)).toEqual(first);
  await expect(
    effects.recordFailure({ ...request, serialNumber: school(2) }),
  ).rejects.toMatchObject({ type: 'EffectKeyReused' });
  const { items } = await questions.failures({ faultCode: fault, limit: 10 });
  expect(items).toMatchObject([{ caseNumber, cycle: 1, causeCode: 'CAP-AGED', failedAt: day(1) }]);
});

test('distinct units count, within the window, of the same model and fault', async () => {
  const fault = await newFault(database, 'T-WINDOW');
  await failed(database, 1, 0, fault);
  await failed(database, 2, 50, fault);
  await failed(database, 2, 51, fault);
  await failed(database, 3, 60, await newFault(database, 'T-OTHER'));
  expect(await failed(database, 4, 89, fault)).toEqual({
    serials: [school(1), school(2), school(4)],
    report: null,
  });
  expect((await failed(database, 5, 90, fault)).serials).toEqual([school(2), school(4), school(5)]);
  expect((await failed(database, 5, 90, fault, 7)).serials).toEqual([school(4), school(5)]);
});

test('of many closings at once at least one sees the trend, whatever the order, and one report is opened', async () => {
  for (let round = 0; round < 8; round += 1) {
    const fault = await newFault(database, `T-RACE-${round}`);
    const trends = await Promise.all([1, 2, 3].map((number) => failed(database, number, 1, fault)));
    const seeing = trends.filter((trend) => opensReport(trend, 3));
    expect(seeing.length).toBeGreaterThan(0);
    const opened = await Promise.all(seeing.map(() => database.stores.cases.open(reportOf(fault))));
    expect(opened.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  }
});

test('failure records are listed by model and fault, page by page', async () => {
  const fault = await newFault(database, 'T-LIST');
  for (const number of [1, 2, 3]) await failed(database, number, number, fault);
  const { questions } = database.stores.defects;
  const first = await questions.failures({ productModel: 'NET-SW48', faultCode: fault, limit: 2 });
  expect(first.items.map(({ serialNumber }) => serialNumber)).toEqual([school(3), school(2)]);
  const cursor = first.nextCursor ?? undefined;
  const rest = await questions.failures({ faultCode: fault, cursor, limit: 2 });
  expect(rest).toMatchObject({ items: [{ serialNumber: school(1) }], nextCursor: null });
  expect(
    (await questions.failures({ productModel: 'TV55', faultCode: fault, limit: 2 })).items,
  ).toEqual([]);
  await expect(questions.failures({ cursor: 'bm8', limit: 2 })).rejects.toMatchObject({
    type: 'BadCursor',
  });
});
