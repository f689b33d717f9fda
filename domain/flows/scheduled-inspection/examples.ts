/** Requests that open a round, and examples of its own tasks: the first ones lead down the longest documented path. */
import { phases } from '../../inspection-plan.ts';
import type { Examples } from '../../tasks.ts';
import type { Cause, Finding } from './checks.ts';
import type { OpenScheduledInspection } from './contracts.ts';
import type { roles } from './stages.ts';

const school = { flow: 'scheduledInspection', customerNumber: 'CU-1003' } as const;
const someOf = ['NET-SCH-0010', 'NET-SCH-0011', 'NET-SCH-0012'];

/** A late round has most to it: its own form, causes, and the company's decision. */
export const openExamples: OpenScheduledInspection[] = [
  { ...school, phase: phases[2], serialNumbers: someOf },
  { ...school, phase: phases[1], serialNumbers: someOf },
  { ...school, phase: phases[0] },
];

/** What the first asset of a round turns out to have, and the second. */
const found = ([first = 'NET-SCH-0010', second = first]: string[]) =>
  ({
    fault: { serialNumber: first, kind: 'fault', faultCode: 'NET-PORT-DEAD' },
    defect: { serialNumber: second, kind: 'defectSuspected', faultCode: 'NET-FAN-STOPS' },
    upgrade: { serialNumber: second, kind: 'upgradeNeeded' },
    problem: { serialNumber: first, kind: 'customerProblem' },
  }) as const satisfies Record<string, Finding>;

const cause = ([, second = 'NET-SCH-0011']: string[]): Cause => ({
  serialNumber: second,
  faultCode: 'NET-FAN-STOPS',
  causeCode: 'BEARING-DUST',
});

const withCode = (findings: Finding[], kind: Finding['kind']): number[] =>
  findings.flatMap((finding, index) => (finding.kind === kind ? [index + 1] : []));

export const examples: Examples<keyof typeof roles> = {
  planRound: ({ candidates, serialNumbers = someOf }) => {
    const [first] = candidates ?? [];
    return {
      engineerNumber: first?.engineerNumber ?? 'EN-03',
      ...(first ? { start: first.start, end: first.end } : {}),
      route: serialNumbers,
    };
  },
  recordAttendance: () => ({ attended: true, reached: 'site' }),
  fileEarlyForm: ({ serialNumbers = someOf }) => ({
    entries: serialNumbers.map((serialNumber) => ({
      serialNumber,
      usage: 'regular',
      questionsAsked: 2,
      questionsAnswered: 2,
    })),
    findings: [
      found(serialNumbers).problem,
      { serialNumber: found(serialNumbers).problem.serialNumber, kind: 'possibleProblem' },
    ],
    observations: 'The wireless drops when a whole class logs in; the cabinet stands in the sun.',
    improvements: 'Show the caretaker how to read the lamps.',
  }),
  fileMiddleForm: ({ serialNumbers = someOf }) => ({
    entries: serialNumbers.map((serialNumber, index) => ({
      serialNumber,
      equipment: index === 0 ? 'faulty' : 'good',
      lines: 'good',
      upkeepDone: true,
    })),
    findings: [found(serialNumbers).fault, found(serialNumbers).upgrade],
    observations: 'One port is dead; the second switch is too slow for the new classrooms.',
  }),
  fileLateForm: ({ serialNumbers = someOf }) => ({
    entries: serialNumbers.map((serialNumber, index) => ({
      serialNumber,
      running: index === 0 ? 'faulty' : 'good',
      linesReplaced: index === 0 ? 2 : 0,
      dustRemoved: true,
      returnVisit: 'satisfied',
    })),
    findings: [
      found(serialNumbers).fault,
      found(serialNumbers).defect,
      found(serialNumbers).upgrade,
    ],
    causes: [cause(serialNumbers)],
    observations: 'All switches run; two lines replaced; fans of this model stop after two years.',
    improvements: 'Take filter mats along on each round.',
  }),
  analyseFindings: ({ findings = [] }) => ({
    repairs: withCode(findings, 'fault'),
    defects: withCode(findings, 'defectSuspected'),
    advice: 'Replace the port module; have the fan examined before more of them stop.',
  }),
  decideCauses: ({ causes = [cause(someOf)] }) => ({
    decisions: causes.map((_, index) => ({ cause: index + 1, decision: 'improveProduct' })),
    reason: 'Filter mats become part of the model from the next batch on.',
  }),
};
