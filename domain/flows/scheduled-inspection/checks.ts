/** What the answers of an inspection's own tasks must fulfil beyond their shape. Free of zod. */
import type { Checks } from '../../checks.ts';
import type { Answer } from '../../contracts.ts';
import type { Candidate } from '../../dispatch.ts';
import type { Phase } from '../../inspection-plan.ts';
import type { Problem } from '../../loan.ts';
import { when } from '../../problems.ts';
import { proposedSlotProblems } from '../shared/checks.ts';

export type Finding = Answer<'fileEarlyForm'>['findings'][number];
export type Cause = Answer<'fileLateForm'>['causes'][number];

/** What the flow's own tasks carry. Numbers and codes only. */
export interface Contexts {
  planRound: { serialNumbers: string[]; candidates: Candidate[]; proposedAt: string };
  recordAttendance: { engineerNumber: string; start: string };
  fileEarlyForm: FormContext;
  fileMiddleForm: FormContext;
  fileLateForm: FormContext;
  analyseFindings: { phase: Phase; findings: Finding[] };
  decideCauses: { causes: Cause[] };
}
/** The round's assets, in the order of the route. */
interface FormContext {
  serialNumbers: string[];
}

/** Every asset of the round once, and none beside them; the missing ones are named. */
function coverage(pointer: string, named: string[], round: string[]): Problem[] {
  const missing = round.filter((serial) => !named.includes(serial));
  return [
    ...when(missing.length > 0, pointer, `every asset of the round: ${missing.join(', ')} missing`),
    ...named.flatMap((serial, index) => [
      ...when(!round.includes(serial), `${pointer}/${index}`, `${serial} is not in this round`),
      ...when(named.indexOf(serial) !== index, `${pointer}/${index}`, `${serial} comes twice`),
    ]),
  ];
}

const needsCode = ({ kind, faultCode }: Finding) =>
  (kind === 'fault' || kind === 'defectSuspected') && faultCode === undefined;

/** What holds of the form in every phase. */
function formProblems(
  { entries, findings }: { entries: { serialNumber: string }[]; findings: Finding[] },
  { serialNumbers }: FormContext,
): Problem[] {
  const named = entries.map((entry) => entry.serialNumber);
  return [
    ...coverage('/entries', named, serialNumbers),
    ...findings.flatMap((finding, index) => [
      ...outside(`/findings/${index}`, finding.serialNumber, serialNumbers),
      ...when(
        needsCode(finding),
        `/findings/${index}/faultCode`,
        `a finding of kind ${finding.kind} names its fault code`,
      ),
    ]),
  ];
}

const outside = (pointer: string, serial: string, round: string[]): Problem[] =>
  when(!round.includes(serial), `${pointer}/serialNumber`, `${serial} is not in this round`);

/** What is faulty must be found: nothing is left in a column of the form. */
const faultyIsFound = (
  field: string,
  entries: ({ serialNumber: string } & Record<string, unknown>)[],
  findings: Finding[],
): Problem[] =>
  entries.flatMap((entry, index) =>
    when(
      entry[field] === 'faulty' &&
        !findings.some(({ serialNumber }) => serialNumber === entry.serialNumber),
      `/entries/${index}/${field}`,
      `faulty: say what is wrong with ${entry.serialNumber} among the findings`,
    ),
  );

/** Numbers of findings that are there, named once, with a fault to hand on. */
const handedOn = (pointer: string, numbers: number[], findings: Finding[]): Problem[] =>
  numbers.flatMap((number, index) => {
    const finding = findings[number - 1];
    return [
      ...when(!finding, `${pointer}/${index}`, `there are ${findings.length} findings, from 1`),
      ...when(
        finding !== undefined && finding.faultCode === undefined,
        `${pointer}/${index}`,
        `finding ${number} names no fault code`,
      ),
      ...when(numbers.indexOf(number) !== index, `${pointer}/${index}`, `${number} comes twice`),
    ];
  });

/** Asked at the door and again by the workflow. */
export const engineChecks: Checks = {
  planRound: (answer, context) => [
    ...proposedSlotProblems(answer, context),
    ...coverage('/route', answer.route, context.serialNumbers),
  ],
  recordAttendance: (answer) =>
    when(
      answer.attended && answer.reached === 'nobody',
      '/reached',
      'attendance is known from the inspector or from the site',
    ),
  fileEarlyForm: (answer, context) => [
    ...formProblems(answer, context),
    ...answer.entries.flatMap(({ questionsAsked, questionsAnswered }, index) =>
      when(
        questionsAnswered !== questionsAsked,
        `/entries/${index}/questionsAnswered`,
        `every question is answered: ${questionsAsked} asked`,
      ),
    ),
  ],
  fileMiddleForm: (answer, context) => [
    ...formProblems(answer, context),
    ...faultyIsFound('equipment', answer.entries, answer.findings),
    ...faultyIsFound('lines', answer.entries, answer.findings),
  ],
  fileLateForm: (answer, context) => [
    ...formProblems(answer, context),
    ...faultyIsFound('running', answer.entries, answer.findings),
    ...answer.causes.flatMap(({ serialNumber }, index) =>
      outside(`/causes/${index}`, serialNumber, context.serialNumbers),
    ),
  ],
  analyseFindings: (answer, { findings }) => [
    ...handedOn('/repairs', answer.repairs, findings),
    ...handedOn('/defects', answer.defects, findings),
  ],
  decideCauses: ({ decisions }, { causes }) => [
    ...decisions.flatMap(({ cause }, index) => [
      ...when(
        cause > causes.length,
        `/decisions/${index}/cause`,
        `there are ${causes.length} causes, from 1`,
      ),
      ...when(
        decisions.findIndex((other) => other.cause === cause) !== index,
        `/decisions/${index}/cause`,
        `${cause} comes twice`,
      ),
    ]),
    ...when(decisions.length < causes.length, '/decisions', 'one decision for each cause'),
  ],
};

/** Asked at the door only. */
export const doorChecks: Checks = {
  recordAttendance: (answer) =>
    when(!answer.attended && answer.remark === undefined, '/remark', 'why was nobody there?'),
};
