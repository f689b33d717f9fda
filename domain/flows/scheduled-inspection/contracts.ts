/** What the tasks of a round of inspection ask for. */
import { z } from 'zod';
import { exampleSlot, type SlotContext } from '../../dispatch.ts';
import { count, engineerNumber, instant, personal } from '../../values.ts';
import { defineAnswer } from '../define.ts';
import { type Cause, cause, condition, type Finding, form } from './form.ts';
import { openExamples, openScheduledInspection, type Phase, serials, someOf } from './opening.ts';

/** The round's assets, in the order of the route. */
export interface FormContext {
  serialNumbers: string[];
}

const numbers = z.array(z.int().min(1).max(100)).max(100);

/** What the first asset of a round turns out to have, and the second. */
const found = ([first = 'NET-SCH-0010', second = first]: string[]) =>
  ({
    fault: { serialNumber: first, kind: 'fault', faultCode: 'NET-PORT-DEAD' },
    defect: { serialNumber: second, kind: 'defectSuspected', faultCode: 'NET-FAN-STOPS' },
    upgrade: { serialNumber: second, kind: 'upgradeNeeded' },
    problem: { serialNumber: first, kind: 'customerProblem' },
  }) as const satisfies Record<string, Finding>;

const exampleCause = ([, second = 'NET-SCH-0011']: string[]): Cause => ({
  serialNumber: second,
  faultCode: 'NET-FAN-STOPS',
  causeCode: 'BEARING-DUST',
});

const withCode = (findings: Finding[], kind: Finding['kind']): number[] =>
  findings.flatMap((finding, index) => (finding.kind === kind ? [index + 1] : []));

/** Answers of its own tasks, by task name. */
export const answers = {
  planRound: defineAnswer(
    z.strictObject({
      /** The inspector. */
      engineerNumber,
      /** The proposed slot of that engineer when left out. */
      start: instant.optional(),
      end: instant.optional(),
      /** Every asset of the round, in the order of the visit. */
      route: serials,
      remark: personal(500).optional(),
    }),
  ).example<SlotContext & { serialNumbers: string[] }>(
    ({ serialNumbers = someOf, ...context }) => ({
      ...(exampleSlot(context) ?? { engineerNumber: 'EN-03' }),
      route: serialNumbers,
    }),
  ),
  recordAttendance: defineAnswer(
    z.strictObject({
      attended: z.boolean(),
      /** Who answered the phone. */
      reached: z.enum(['inspector', 'site', 'nobody']),
      remark: personal(500).optional(),
    }),
  ).example<{ engineerNumber: string; start: string }>(() => ({ attended: true, reached: 'site' })),
  fileEarlyForm: defineAnswer(
    z.strictObject(
      form({
        usage: z.enum(['heavy', 'regular', 'rare', 'unused']),
        questionsAsked: count,
        questionsAnswered: count,
      }),
    ),
  ).example<FormContext>(({ serialNumbers = someOf }) => ({
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
  })),
  fileMiddleForm: defineAnswer(
    z.strictObject(form({ equipment: condition, lines: condition, upkeepDone: z.boolean() })),
  ).example<FormContext>(({ serialNumbers = someOf }) => ({
    entries: serialNumbers.map((serialNumber, index) => ({
      serialNumber,
      equipment: index === 0 ? 'faulty' : 'good',
      lines: 'good',
      upkeepDone: true,
    })),
    findings: [found(serialNumbers).fault, found(serialNumbers).upgrade],
    observations: 'One port is dead; the second switch is too slow for the new classrooms.',
  })),
  fileLateForm: defineAnswer(
    z.strictObject({
      ...form({
        running: condition,
        linesReplaced: count,
        dustRemoved: z.boolean(),
        returnVisit: z.enum(['satisfied', 'problems', 'notMet']),
      }),
      causes: z.array(cause).max(50),
    }),
  ).example<FormContext>(({ serialNumbers = someOf }) => ({
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
    causes: [exampleCause(serialNumbers)],
    observations: 'All switches run; two lines replaced; fans of this model stop after two years.',
    improvements: 'Take filter mats along on each round.',
  })),
  analyseFindings: defineAnswer(
    z.strictObject({
      /** Findings, by their number from 1, that become repair cases. */
      repairs: numbers,
      /** Findings, by their number from 1, that become defect reports. */
      defects: numbers,
      advice: personal(4000),
    }),
  ).example<{ phase: Phase; findings: Finding[] }>(({ findings = [] }) => ({
    repairs: withCode(findings, 'fault'),
    defects: withCode(findings, 'defectSuspected'),
    advice: 'Replace the port module; have the fan examined before more of them stop.',
  })),
  decideCauses: defineAnswer(
    z.strictObject({
      decisions: z
        .array(
          z.strictObject({
            /** Number of the cause, from 1. */
            cause: z.int().min(1).max(50),
            decision: z.enum([
              'improveProduct',
              'changeSupplier',
              'replaceModel',
              'train',
              'watch',
            ]),
          }),
        )
        .min(1)
        .max(50),
      reason: personal(500),
    }),
  ).example<{ causes: Cause[] }>(({ causes = [exampleCause(someOf)] }) => ({
    decisions: causes.map((_, index) => ({ cause: index + 1, decision: 'improveProduct' })),
    reason: 'Filter mats become part of the model from the next batch on.',
  })),
};

/** What the door asks for in a round of inspection. */
export const contracts = {
  opening: openScheduledInspection,
  examples: openExamples,
  answers: { ...answers },
};
