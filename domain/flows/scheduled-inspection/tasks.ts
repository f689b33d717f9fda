/** The tasks of a round of inspection. Free of zod. */
import { proposedSlotProblems } from '../../dispatch.ts';
import { type FieldError, when } from '../../problems.ts';
import { defineTasks } from '../define.ts';
import type { answers, FormContext } from './contracts.ts';
import type { Finding } from './form.ts';

/** Every asset of the round once, and none beside them; the missing ones are named. */
function coverage(pointer: string, named: string[], round: string[]): FieldError[] {
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
): FieldError[] {
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

const outside = (pointer: string, serial: string, round: string[]): FieldError[] =>
  when(!round.includes(serial), `${pointer}/serialNumber`, `${serial} is not in this round`);

/** What is faulty must be found: nothing is left in a column of the form. */
const faultyIsFound = (
  field: string,
  entries: ({ serialNumber: string } & Record<string, unknown>)[],
  findings: Finding[],
): FieldError[] =>
  entries.flatMap((entry, index) =>
    when(
      entry[field] === 'faulty' &&
        !findings.some(({ serialNumber }) => serialNumber === entry.serialNumber),
      `/entries/${index}/${field}`,
      `faulty: say what is wrong with ${entry.serialNumber} among the findings`,
    ),
  );

/** Numbers of findings that are there, named once, with a fault to hand on. */
const handedOn = (pointer: string, numbers: number[], findings: Finding[]): FieldError[] =>
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

export const tasks = defineTasks<typeof answers>({
  planRound: {
    // who plans rounds is not stated: the engineer who makes the weekly plans (R71)
    role: 'support',
    title: { en: 'Plan the round', zh: '制定巡检计划' },
    check: (answer, context) => [
      ...proposedSlotProblems(answer, context),
      ...coverage('/route', answer.route, context.serialNumbers),
    ],
  },
  recordAttendance: {
    role: 'hotline',
    title: { en: 'Call to check the inspector’s attendance', zh: '电话查岗' },
    check: (answer) =>
      when(
        answer.attended && answer.reached === 'nobody',
        '/reached',
        'attendance is known from the inspector or from the site',
      ),
    doorCheck: (answer) =>
      when(!answer.attended && answer.remark === undefined, '/remark', 'why was nobody there?'),
  },
  fileEarlyForm: {
    role: 'engineer',
    title: { en: 'File the early-phase form', zh: '填写前期巡检表' },
    check: (answer, context) => [
      ...formProblems(answer, context),
      ...answer.entries.flatMap(({ questionsAsked, questionsAnswered }, index) =>
        when(
          questionsAnswered !== questionsAsked,
          `/entries/${index}/questionsAnswered`,
          `every question is answered: ${questionsAsked} asked`,
        ),
      ),
    ],
  },
  fileMiddleForm: {
    role: 'engineer',
    title: { en: 'File the middle-phase form', zh: '填写中期巡检表' },
    check: (answer, context) => [
      ...formProblems(answer, context),
      ...faultyIsFound('equipment', answer.entries, answer.findings),
      ...faultyIsFound('lines', answer.entries, answer.findings),
    ],
  },
  fileLateForm: {
    role: 'engineer',
    title: { en: 'File the late-phase form', zh: '填写后期巡检表' },
    check: (answer, context) => [
      ...formProblems(answer, context),
      ...faultyIsFound('running', answer.entries, answer.findings),
      ...answer.causes.flatMap(({ serialNumber }, index) =>
        outside(`/causes/${index}`, serialNumber, context.serialNumbers),
      ),
    ],
  },
  analyseFindings: {
    role: 'support',
    title: { en: 'Analyse the findings', zh: '分析巡检信息' },
    check: (answer, { findings }) => [
      ...handedOn('/repairs', answer.repairs, findings),
      ...handedOn('/defects', answer.defects, findings),
    ],
  },
  decideCauses: {
    role: 'manager',
    title: { en: 'Decide on fault-prone equipment', zh: '易损设备原因决策' },
    check: ({ decisions }, { causes }) => [
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
  },
});
