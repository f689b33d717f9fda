/** The tasks of judging and guiding by phone. Free of zod. */
import { when } from '../../../problems.ts';
import { defineTasks } from '../../define.ts';
import { serialsMatch } from '../old-parts.ts';
import type { answers } from './contracts.ts';

export const tasks = defineTasks<typeof answers>({
  reportPhoneTriage: {
    role: 'engineer',
    title: { en: 'Judge the fault by phone', zh: '电话询问并判断故障' },
    check: (answer) => [
      ...when(
        answer.guideByPhone && !answer.customerHasPart,
        '/guideByPhone',
        'only a customer who has the part can be guided to replace it',
      ),
      ...when(
        answer.fixedByPhone && answer.guideByPhone,
        '/guideByPhone',
        'the fault is fixed already',
      ),
      ...when(
        answer.customerHasPart && answer.expectedParts.length === 0,
        '/expectedParts',
        'name the part that the customer has',
      ),
    ],
  },
  reportGuidedReplacement: {
    role: 'engineer',
    title: {
      en: 'Report the replacement guided by phone',
      zh: '报告电话指导更换结果',
    },
    check: (answer) => [
      ...when(
        answer.fixed && answer.usedParts.length === 0,
        '/usedParts',
        'name the part that was replaced',
      ),
      ...serialsMatch(answer.usedParts, '/usedParts'),
    ],
  },
});
