/** The tasks of a visit, from its appointment to the check of the whole machine. Free of zod. */
import { proposedSlotProblems } from '../../../dispatch.ts';
import type { LoanTally, PartLine } from '../../../loan.ts';
import { type FieldError, when } from '../../../problems.ts';
import { defineTasks } from '../../define.ts';
import { serialsMatch } from '../old-parts.ts';
import type { answers } from './contracts.ts';

const outstandingOf = (tallies: LoanTally[]): PartLine[] =>
  tallies.map(({ partNumber, outstanding }) => ({ partNumber, quantity: outstanding }));

/** No more is fitted from a source than there is, over all its lines: several loans may have the same part out. */
function drawnTooMuch(
  used: (PartLine & { source: string })[],
  source: string,
  available: PartLine[],
  where: string,
): FieldError[] {
  const sum = (lines: PartLine[], partNumber: string) =>
    lines
      .filter((line) => line.partNumber === partNumber)
      .reduce((total, { quantity }) => total + quantity, 0);
  const drawn = used.filter((line) => line.source === source);
  return used.flatMap(({ partNumber, source: from }, index) => {
    const there = sum(available, partNumber);
    return when(
      from === source && sum(drawn, partNumber) > there,
      `/usedParts/${index}/quantity`,
      `${there} of ${partNumber} ${where}`,
    );
  });
}

export const tasks = defineTasks<typeof answers>({
  confirmVisit: {
    role: 'hotline',
    title: { en: 'Agree the visit with the customer', zh: '与用户约定上门时间' },
    check: proposedSlotProblems,
  },
  confirmDeparture: {
    role: 'engineer',
    title: { en: 'Departure check', zh: '出发前检查' },
    doorCheck: (answer) =>
      when(
        !(answer.mustCarryItems && answer.workClothing && answer.tools && answer.papers) &&
          answer.missing === undefined,
        '/missing',
        'say what is missing',
      ),
  },
  recordSiteFacts: {
    role: 'engineer',
    title: { en: 'Write the on-site record', zh: '填写现场纪录' },
    doorCheck: (answer, { signatures: asked }) => {
      const signatures = answer.customerAbsent ? 'none' : asked;
      return [
        ...when(
          signatures !== 'none' && answer.userSignature === undefined,
          '/userSignature',
          'the user signs the on-site record',
        ),
        ...when(
          signatures === 'userAndWitnesses' && answer.witnessSignatures.length < 2,
          '/witnessSignatures',
          '2 to 3 witnesses sign the on-site record',
        ),
      ];
    },
  },
  confirmSafety: {
    role: 'engineer',
    title: { en: 'Confirm work clothing and power cut', zh: '确认着装并断电' },
  },
  reportDiagnosis: {
    role: 'engineer',
    title: { en: 'Report the fault determination', zh: '报告故障判定' },
  },
  adviseDiagnosis: {
    role: 'support',
    title: { en: 'Back up the diagnosis', zh: '后方支持故障判定' },
  },
  decideCoverage: {
    role: 'supervisor',
    title: { en: 'Decide on a fault outside the warranty', zh: '三包外故障的处理' },
  },
  adviseReplacement: {
    role: 'support',
    title: { en: 'Back up the replacement', zh: '后方支持更换' },
  },
  reportRepair: {
    role: 'engineer',
    title: { en: 'Report the repair', zh: '报告维修结果' },
    check: (answer, context) => [
      ...serialsMatch(answer.usedParts, '/usedParts'),
      ...drawnTooMuch(answer.usedParts, 'loan', outstandingOf(context.onLoan), 'on loan'),
      ...drawnTooMuch(answer.usedParts, 'sale', context.sold ?? [], 'at hand for sale'),
      ...when(
        answer.result === 'partMissing' && answer.expectedParts.length === 0,
        '/expectedParts',
        'name the missing part',
      ),
    ],
  },
  planEscalation: {
    role: 'support',
    title: { en: 'Plan the escalated repair', zh: '制定升级维修方案' },
  },
  reportMachineCheck: {
    role: 'engineer',
    title: { en: 'Check the whole machine', zh: '主机全面检查' },
  },
});
