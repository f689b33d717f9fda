/** The tasks around a parts loan: who answers, and what an answer must fulfil beyond its shape. Free of zod. */
import { returnProblems } from '../../loan.ts';
import { when } from '../../problems.ts';
import { defineTasks } from '../define.ts';
import type { answers } from './contracts.ts';

export const tasks = defineTasks<typeof answers>({
  approveLoan: {
    role: 'partsKeeper',
    title: { en: 'Approve the parts loan', zh: '审批借件' },
  },
  receiveShortage: {
    role: 'partsKeeper',
    title: { en: 'Take in the missing parts', zh: '缺件到货入库' },
  },
  issueParts: {
    role: 'partsKeeper',
    title: { en: 'Issue the parts', zh: '发放借件' },
  },
  decideRejectedLoan: {
    role: 'supervisor',
    title: { en: 'Decide after a rejected loan', zh: '借件未批准的处理' },
  },
  reportReturn: {
    role: 'partsKeeper',
    title: {
      en: 'Take back old parts and slip, clear the loan',
      zh: '收回旧件与三包单，解除借件',
    },
    check: (answer, context) => [
      ...returnProblems(context.outstanding, answer.lines, answer.slipNumber),
      ...answer.lines.flatMap(({ usedWithCore }, index) =>
        when(
          context.drill === true && usedWithCore > 0,
          `/lines/${index}/usedWithCore`,
          'a drill uses no parts: they come back unused',
        ),
      ),
    ],
  },
});
