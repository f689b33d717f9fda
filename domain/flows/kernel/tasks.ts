/** Tasks that the kernel may put before a person in any flow and at any stage. Free of zod. */
import { when } from '../../problems.ts';
import { defineTasks } from '../define.ts';
import type { answers } from './contracts.ts';

export const tasks = defineTasks<typeof answers>({
  resolveFailure: {
    role: 'supervisor',
    title: { en: 'Settle a refused step', zh: '处理被拒步骤' },
    check: ({ decision }, { decisions }) =>
      when(
        !decisions.includes(decision),
        '/decision',
        `this step leaves ${decisions.join(', ')} only`,
      ),
  },
});
