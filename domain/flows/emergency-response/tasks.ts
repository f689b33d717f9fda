/** An emergency's own tasks. Free of zod. */
import type { Severity } from '../../case.ts';
import { type FieldError, when } from '../../problems.ts';
import { defineTasks } from '../define.ts';
import type { answers } from './contracts.ts';
import { isLower } from './grading.ts';

/** An emergency may become graver without a word, but not milder. */
const grading = (answer: { severity: Severity; gradeReason?: string | undefined }, was: Severity) =>
  when(
    isLower(answer.severity, was) && answer.gradeReason === undefined,
    '/gradeReason',
    `${answer.severity} is lower than ${was}: give the reason, or leave the grade at ${was} or above`,
  );

const lossNamed = (way: string | undefined, dataLost: boolean): FieldError[] =>
  when(way === 'dataRecovery' && !dataLost, '/dataLost', 'data is recovered where some was lost');

/** A failed change is rolled back, the customer is told, and it is said what comes next. */
const failedFix = (answer: {
  change: string;
  customerTold: boolean;
  next?: string | undefined;
}): FieldError[] => [
  ...when(answer.change === 'kept', '/change', 'a change that fixed nothing is rolled back first'),
  ...when(!answer.customerTold, '/customerTold', 'the customer is told before the next step'),
  ...when(answer.next === undefined, '/next', 'what follows: remote, visit or dataRecovery'),
];

export const tasks = defineTasks<typeof answers>({
  answerPage: {
    role: 'support',
    title: { en: 'Answer the page', zh: '应答呼叫' },
    isContact: false,
    doorCheck: (answer) =>
      when(!answer.takes && answer.remark === undefined, '/remark', 'why can you not take it?'),
  },
  reportFirstContact: {
    role: 'support',
    title: { en: 'Report the first contact', zh: '报告首次响应' },
    check: (answer) => [
      ...when(
        !answer.problemConfirmed,
        '/problemConfirmed',
        'what turns out to be no emergency is canceled or rejected: actions cancel and reject',
      ),
      ...lossNamed(answer.way, answer.dataLost),
    ],
    doorCheck: (answer, { severity }) => grading(answer, severity),
  },
  reportRemoteFix: {
    role: 'support',
    title: { en: 'Report the remote fix', zh: '报告远程处理结果' },
    check: (answer) => [
      ...(answer.result === 'fixed' ? [] : failedFix(answer)),
      ...lossNamed(answer.next, answer.dataLost),
    ],
    doorCheck: (answer, { severity }) => grading(answer, severity),
  },
  reportDataRecovery: {
    role: 'support',
    title: { en: 'Report the data recovery', zh: '报告数据恢复结果' },
    check: (answer) =>
      when(
        answer.tryAgain && answer.recovered === 'complete',
        '/tryAgain',
        'the data is complete: there is nothing to try again',
      ),
  },
  writeIncidentReport: {
    role: 'support',
    title: { en: 'Write the incident report', zh: '填写事件报告' },
  },
  recordFollowUp: {
    role: 'hotline',
    title: { en: 'Follow up with the customer', zh: '后续跟进客户' },
    check: (answer) =>
      when(
        answer.result === 'reached' && answer.fixed === undefined,
        '/fixed',
        'is it fully solved? say so when the customer was reached',
      ),
  },
  reviewEmergency: {
    role: 'quality',
    title: { en: 'Review the emergency', zh: '应急案例复盘' },
  },
  scoreDrill: {
    role: 'manager',
    title: { en: 'Score the drill', zh: '演练评分' },
  },
});
