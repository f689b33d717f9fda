/** Parts loan (FLOW-LOAN): opened by a case, and out until old part and slip are back. Free of zod. */
import { defineFlow } from '../define.ts';
import { tasks } from './tasks.ts';

export const partsLoanFlow = defineFlow({
  name: 'partsLoan',
  title: { en: 'Parts loan', zh: '借件' },
  tasks,
  stages: [
    {
      name: 'borrowingParts',
      title: { en: 'Borrowing parts', zh: '办理借件手续' },
      tasks: ['approveLoan', 'receiveShortage', 'issueParts'],
    },
    {
      name: 'returningParts',
      title: { en: 'Old parts in, loan cleared', zh: '交回旧件，解除借件' },
      tasks: ['reportReturn'],
    },
  ],
  outcomes: ['cleared', 'rejected'],
});
