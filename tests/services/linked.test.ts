import { beforeEach, expect, test } from 'vitest';
import type { LinkedRequest } from '../../domain/linked.ts';
import { type CaseStarter, openLinkedCase } from '../../services/cases/index.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { databaseOfThisFile, openedCase } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const started: string[] = [];
const starter: CaseStarter = {
  start: async ({ caseNumber }) => {
    started.push(caseNumber);
  },
};
let source: string;
beforeEach(async () => {
  source = await openedCase(database.stores);
  started.length = 0;
});

let keys = 0;
const finding = (changes: Partial<LinkedRequest> = {}): LinkedRequest => ({
  effectKey: `${source}/1/cases.openLinkedCase/${++keys}`,
  caseNumber: source,
  kind: 'inspection',
  request: {
    customerNumber: 'CU-1005',
    serialNumber: 'TV55-880001',
    fault: { code: 'NET-NO-LINK' },
  },
  ...changes,
});
const open = (linked: LinkedRequest, opening: { mostStanding?: number } = {}) => {
  const { sql, stores } = database;
  const now = () => new Date().toISOString();
  return openLinkedCase({ ...stores, parts: createParts(sql), starter, now, ...opening }, linked);
};
const rowOf = async (caseNumber: string) => {
  const row = await database.stores.cases.get(caseNumber);
  if (!row) throw new Error(`no ${caseNumber}`);
  return row;
};

test('a finding opens a case once per effect key, and an open one of the same kind is linked', async () => {
  const linked = finding();
  const first = await open(linked);
  expect(first).toMatchObject({ was: 'opened', flow: 'inWarrantyRepair' });
  expect(await open(linked)).toEqual(first);
  expect(await open(finding())).toEqual({ ...first, was: 'openAlready' });
  expect(new Set(started).size).toBe(1);
});

test('the case says what it comes from and why its flow was chosen; who called is who called for the first', async () => {
  const fault = { code: 'HYD-PUMP-LOSS' };
  const found = await open(
    finding({
      kind: 'trend',
      request: {
        customerNumber: 'CU-1001',
        serialNumber: 'ZE230E-000117',
        fault,
        allowDuplicate: { reason: 'a test' },
      },
    }),
  );
  const caseNumber = 'caseNumber' in found ? found.caseNumber : '';
  const { plan, openedBy } = await rowOf(caseNumber);
  expect(plan).toMatchObject({
    source: { kind: 'trend', caseNumber: source },
    channel: 'internal',
  });
  expect(plan.routing.because[0]).toBe('class repair');
  expect(openedBy).toEqual({ id: 'system:flow', role: 'system' });
  expect(await database.stores.cases.contactOf(caseNumber)).toEqual(
    await database.stores.cases.contactOf(source),
  );
});

test.each([
  ['of a flow that is not there', { flow: 'tea' }],
  ['that its contract refuses', { flow: 'inWarrantyRepair', request: {} }],
  [
    'of a fault that nobody knows',
    {
      request: {
        customerNumber: 'CU-1001',
        serialNumber: 'ZE230E-000117',
        fault: { code: 'NO-SUCH' },
      },
    },
  ],
  [
    'that does not fit its flow',
    {
      flow: 'inWarrantyRepair',
      request: {
        customerNumber: 'CU-1001',
        serialNumber: 'QY25V-000042',
        fault: { code: 'HYD-PUMP-LOSS' },
      },
    },
  ],
])(
  'one %s is refused with what is wrong, and opens nothing',
  async (_, changes: Partial<LinkedRequest>) => {
    const found = await open(finding(changes));
    expect(found).toMatchObject({ was: 'refused' });
    expect('why' in found && found.why.length).toBeGreaterThan(0);
    expect(started).toEqual([]);
  },
);

test('while too many cases stand it fails to be tried again, and is opened under the same key later', async () => {
  const request = {
    customerNumber: 'CU-1003',
    serialNumber: 'NET-SCH-0009',
    fault: { code: 'NET-NO-LINK' },
  };
  const linked = finding({ request });
  await expect(open(linked, { mostStanding: 1 })).rejects.toMatchObject({ type: 'Unavailable' });
  expect(started).toEqual([]);
  expect(await open(linked, { mostStanding: 1_000 })).toMatchObject({ was: 'opened' });
});
