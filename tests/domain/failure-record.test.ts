/** Which closed repairs count as a failure of the product (FLOW-FRACAS). */
import { expect, test } from 'vitest';
import { isConfirmed } from '../../workflows/repair/failure-record.ts';
import { nothingDone } from '../../workflows/repair/service.ts';

const line = { partNumber: 'NW-PSU-48', quantity: 1, oldPartSerials: ['OLD-1'] };
const used = [{ ...line, source: 'customer' as const }];

test.each([
  ['a repair', { causeCode: 'WORN', remedyCode: 'REPLACED' }, 'repaired', true],
  ['a part replaced by phone, with effect', { used, machineRuns: true }, 'repairedByPhone', true],
  ['one replaced in vain', { used }, 'closedBySupervisor', false],
  ['advice', {}, 'repairedByPhone', false],
  ['a fault that is not covered', { remedyCode: 'CLEANED' }, 'notCovered', false],
  ['a machine made safe', { remedyCode: 'ISOLATED' }, 'madeSafe', false],
  ['the product, says the review', { remedyCode: 'R', rootCause: 'product' }, 'restored', true],
  ['nobody knows, says the review', { remedyCode: 'R', rootCause: 'unknown' }, 'restored', true],
  ['the operator, says the review', { remedyCode: 'R', rootCause: 'operation' }, 'restored', false],
  ['the site, says the review', { remedyCode: 'R', rootCause: 'environment' }, 'restored', false],
] as const)('%s', (_, done, outcome, counts) => {
  expect(isConfirmed({ ...nothingDone('NET-NO-LINK'), ...done } as never, outcome)).toBe(counts);
});
