/** What the answers of an emergency's own tasks must fulfil beyond their shape. Free of zod. */
import type { Severity } from '../../case.ts';
import type { Checks } from '../../checks.ts';
import type { PartLine, Problem } from '../../loan.ts';
import { when } from '../../problems.ts';
import { isLower } from './grading.ts';

/** What the flow's own tasks carry. Numbers and codes only. */
export interface Contexts {
  /** Who is paged, null once the ladder was gone through for the last time; how often it has been gone through. */
  answerPage: { paged: string | null; round: number; severity: Severity };
  reportFirstContact: { severity: Severity; expectedParts: PartLine[]; drill: boolean };
  reportRemoteFix: { severity: Severity; expectedParts: PartLine[]; dataLost: boolean };
  reportDataRecovery: { attempt: number };
  writeIncidentReport: {
    minutesSoFar: number;
    staff: string[];
    causeCode: string | null;
    remedyCode: string | null;
  };
  recordFollowUp: { attempt: number };
  reviewEmergency: { faultCode: string; causeCode: string | null };
  scoreDrill: { clocks: ClockRun[] };
}

/** A clock as it ran in a drill, in milliseconds; null: not met. */
export interface ClockRun {
  name: string;
  targetMs: number;
  tookMs: number | null;
}

/** An emergency may become graver without a word, but not milder. */
const grading = (answer: { severity: Severity; gradeReason?: string | undefined }, was: Severity) =>
  when(
    isLower(answer.severity, was) && answer.gradeReason === undefined,
    '/gradeReason',
    `${answer.severity} is lower than ${was}: give the reason, or leave the grade at ${was} or above`,
  );

/** Asked at the door and again by the workflow. */
export const engineChecks: Checks = {
  reportFirstContact: (answer) => [
    ...when(
      !answer.problemConfirmed,
      '/problemConfirmed',
      'what turns out to be no emergency is canceled or rejected: actions cancel and reject',
    ),
    ...lossNamed(answer.way, answer.dataLost),
  ],
  reportRemoteFix: (answer) => [
    ...(answer.result === 'fixed' ? [] : failedFix(answer)),
    ...lossNamed(answer.next, answer.dataLost),
  ],
  reportDataRecovery: (answer) =>
    when(
      answer.tryAgain && answer.recovered === 'complete',
      '/tryAgain',
      'the data is complete: there is nothing to try again',
    ),
  recordFollowUp: (answer) =>
    when(
      answer.result === 'reached' && answer.fixed === undefined,
      '/fixed',
      'is it fully solved? say so when the customer was reached',
    ),
};

const lossNamed = (way: string | undefined, dataLost: boolean): Problem[] =>
  when(way === 'dataRecovery' && !dataLost, '/dataLost', 'data is recovered where some was lost');

/** A failed change is rolled back, the customer is told, and it is said what comes next. */
const failedFix = (answer: {
  change: string;
  customerTold: boolean;
  next?: string | undefined;
}): Problem[] => [
  ...when(answer.change === 'kept', '/change', 'a change that fixed nothing is rolled back first'),
  ...when(!answer.customerTold, '/customerTold', 'the customer is told before the next step'),
  ...when(answer.next === undefined, '/next', 'what follows: remote, visit or dataRecovery'),
];

/** Asked at the door only: words stay in the database. */
export const doorChecks: Checks = {
  reportFirstContact: (answer, { severity }) => grading(answer, severity),
  reportRemoteFix: (answer, { severity }) => grading(answer, severity),
  answerPage: (answer) =>
    when(!answer.takes && answer.remark === undefined, '/remark', 'why can you not take it?'),
};
