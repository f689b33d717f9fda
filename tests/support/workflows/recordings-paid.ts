import { plainTo } from './paid-steps.ts';
import type { Recording } from './recording.ts';

const opening = { flow: 'outOfWarrantyRepair', request: { specialUser: undefined } };
const seal = [{ partNumber: 'TD-SEAL-60', quantity: 1 }];

/** Of paid repairs: arrears and a special user; parts billed as the parts service says that they were sold; canceled with its invoice and deposit; revisions, another visit, failed work done again. */
export const paidRecordings: Recording[] = [
  {
    opening: { flow: 'outOfWarrantyRepair' },
    files: { 'out-of-warranty-repair-longest-path': '' },
    walk: async (theCase) => void (await theCase.walkTo('the end')),
  },
  {
    opening,
    files: { 'out-of-warranty-repair-canceled': '' },
    async walk(theCase) {
      await plainTo(theCase, 'signServiceRecord', { decideArrears: {} });
      await theCase.act('cancel', { reason: 'The customer withdrew.' });
    },
  },
  {
    opening,
    files: { 'out-of-warranty-repair-billed': '' },
    walk: async (theCase) => void (await plainTo(theCase, 'the end')),
  },
  {
    opening,
    files: { 'out-of-warranty-repair-rework': '' },
    async walk(theCase) {
      await plainTo(theCase, 'the end', {
        'recordQuoteAnswer-1': { decision: 'changesWanted', words: 'Only the seals.' },
        'reportRepair-1': { result: 'partMissing', usedParts: [], expectedParts: seal },
        'signServiceRecord-1': { rating: 'C' },
        planFurtherService: { expectedParts: seal },
      });
    },
  },
];
