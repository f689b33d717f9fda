/** Every task that a flow may put before a person: its title, and the example that takes a case down the longest documented path. */
import type { Contexts, UsedLine } from './checks.ts';
import { type Answer, answers, type TaskName } from './contracts.ts';
import { type Title, taskRoles } from './flow.ts';
import type { PartLine } from './loan.ts';

interface Definition<Name extends TaskName> {
  title: Title;
  /** A valid answer built from what the case knows; without a context, one that holds no absolute date. */
  example: (context: Partial<Contexts[Name]>) => Answer<Name>;
}

const kit: PartLine[] = [
  { partNumber: 'HP-PUMP-230', quantity: 1 },
  { partNumber: 'HP-SEAL-230', quantity: 2 },
];
const serials = (line: PartLine) =>
  Array.from({ length: line.quantity }, (_, index) => `OLD-${line.partNumber}-${index + 1}`);
const withSerials = (line: PartLine): UsedLine => ({ ...line, oldPartSerials: serials(line) });
const usedOr = (used: UsedLine[] | undefined) => used ?? kit.map(withSerials);

const definitions: { [Name in TaskName]: Definition<Name> } = {
  reportPhoneTriage: {
    title: { en: 'Judge the fault by phone', zh: '电话询问并判断故障' },
    example: ({ faultCode = 'HYD-PUMP-LOSS', expectedParts = kit }) => ({
      likelyFaultCode: faultCode,
      fixedByPhone: false,
      customerHasPart: expectedParts.length > 0,
      guideByPhone: expectedParts.length > 0,
      expectedParts,
      findings: 'Pressure drops when the boom is raised; the operator heard the pump.',
    }),
  },
  reportGuidedReplacement: {
    title: { en: 'Report the replacement guided by phone', zh: '报告电话指导更换结果' },
    example: ({ expectedParts = kit }) => ({
      fixed: false,
      usedParts: [],
      expectedParts,
      findings: 'The customer could not free the coupling; the pump on hand is the wrong one.',
    }),
  },
  approveLoan: {
    title: { en: 'Approve the parts loan', zh: '审批借件' },
    example: () => ({ approved: true }),
  },
  receiveShortage: {
    title: { en: 'Take in the missing parts', zh: '缺件到货入库' },
    example: ({ shortages = kit, location = 'OFFICE-NORTH' }) => ({ location, lines: shortages }),
  },
  issueParts: {
    title: { en: 'Issue the parts', zh: '发放借件' },
    example: () => ({ borrowerSigned: true, serials: [] }),
  },
  decideRejectedLoan: {
    title: { en: 'Decide after a rejected loan', zh: '借件未批准的处理' },
    example: ({ lines = kit }) => ({
      decision: 'askAgain',
      expectedParts: lines,
      reason: 'The machine stands still; the parts are needed.',
    }),
  },
  confirmVisit: {
    title: { en: 'Agree the visit with the customer', zh: '与用户约定上门时间' },
    example: ({ candidates }) => {
      const first = candidates?.[0];
      if (!first) return { engineerNumber: 'EN-01', customerAgreed: true };
      return {
        engineerNumber: first.engineerNumber,
        start: first.start,
        end: first.end,
        customerAgreed: true,
      };
    },
  },
  confirmDeparture: {
    title: { en: 'Departure check', zh: '出发前检查' },
    example: () => ({ mustCarryItems: true, workClothing: true, tools: true, papers: true }),
  },
  recordSiteFacts: {
    title: { en: 'Write the on-site record', zh: '填写现场纪录' },
    example: ({ signatures = 'userAndWitnesses' }) => ({
      faultAccount: 'Oil under the pump; the boom sinks under load.',
      operationBefore: 'Digging at full reach for two hours.',
      operationAfter: 'The operator lowered the boom and stopped the engine.',
      ...(signatures === 'none' ? {} : { userSignature: 'Li Wei' }),
      witnessSignatures: signatures === 'userAndWitnesses' ? ['Wang Fang', 'Zhao Min'] : [],
    }),
  },
  confirmSafety: {
    title: { en: 'Confirm work clothing and power cut', zh: '确认着装并断电' },
    example: () => ({ workClothing: true, powerCut: true }),
  },
  reportDiagnosis: {
    title: { en: 'Report the fault determination', zh: '报告故障判定' },
    example: ({ faultCode = 'HYD-PUMP-LOSS' }) => ({
      faultLocated: true,
      faultCode,
      causeCode: 'SEAL-WORN',
      covered: true,
      determination: 'Shaft seal worn through; pump housing scored.',
    }),
  },
  adviseDiagnosis: {
    title: { en: 'Back up the diagnosis', zh: '后方支持故障判定' },
    example: () => ({
      determination: 'confirmed',
      advice: 'Matches two earlier cases; replace pump and seals together.',
    }),
  },
  decideCoverage: {
    title: { en: 'Decide on a fault outside the warranty', zh: '三包外故障的处理' },
    example: () => ({ decision: 'goodwill', reason: 'First fault of a loyal customer.' }),
  },
  adviseReplacement: {
    title: { en: 'Back up the replacement', zh: '后方支持更换' },
    example: () => ({
      procedure: { id: 'PS-HYD-012', version: 3 },
      advice: 'Bleed the circuit before the first start.',
    }),
  },
  reportRepair: {
    title: { en: 'Report the repair', zh: '报告维修结果' },
    example: ({ onLoan = [], customerParts = [] }) => ({
      result: 'repaired',
      usedParts: [
        ...onLoan
          .filter((line) => line.outstanding > 0)
          .map((line) => ({
            ...withSerials({ partNumber: line.partNumber, quantity: line.outstanding }),
            source: 'loan' as const,
          })),
        ...(onLoan.length > 0
          ? []
          : customerParts.map((line) => ({ ...withSerials(line), source: 'customer' as const }))),
      ],
      remedyCode: 'REPLACED',
      stepsFollowed: true,
      expectedParts: [],
    }),
  },
  planEscalation: {
    title: { en: 'Plan the escalated repair', zh: '制定升级维修方案' },
    example: () => ({
      plan: 'repairOnSite',
      expectedParts: [],
      agreedWithCustomer: true,
      measures: 'A senior engineer joins on site today.',
    }),
  },
  reportMachineCheck: {
    title: { en: 'Check the whole machine', zh: '主机全面检查' },
    example: () => ({
      runsNormally: true,
      items: [
        { item: 'PRESSURE', ok: true },
        { item: 'LEAKS', ok: true },
        { item: 'SLEW', ok: true },
      ],
    }),
  },
  writeServiceRecord: {
    title: { en: 'Write the service record', zh: '填写维修记录' },
    example: () => ({
      workDone: 'Pump and both seals replaced, circuit bled, machine run for 20 minutes.',
      precautions: 'Warm up for ten minutes below 5 °C; check the oil level weekly.',
      laborMinutes: 180,
    }),
  },
  fileWarrantyClaim: {
    title: { en: 'Complete the warranty procedure', zh: '办理三包手续' },
    example: ({ usedParts }) => ({ slipNumber: 'SLIP-0001', lines: usedOr(usedParts) }),
  },
  signServiceRecord: {
    title: { en: 'Have the service record signed and rated', zh: '用户签字并评价' },
    example: ({ version = 1, digest = '0'.repeat(64) }) => ({
      version,
      digest,
      signed: true,
      signedBy: 'Li Wei',
      device: 'tablet',
      rating: 'A',
      copyFourHandedOver: true,
      precautionsTaught: true,
    }),
  },
  decideRefusedSignature: {
    title: { en: 'Decide on a refused signature', zh: '用户拒签的处理' },
    example: () => ({
      decision: 'acceptUnsigned',
      reason: 'The customer wants to see a week of work first.',
    }),
  },
  reportReturn: {
    title: { en: 'Take back old parts and slip, clear the loan', zh: '收回旧件与三包单，解除借件' },
    example: ({ outstanding = [], used = [] }) => returnExample(outstanding, used),
  },
  receiveOldParts: {
    title: { en: 'Take in the old parts and the slip', zh: '收取旧件与三包单' },
    example: ({ usedParts }) => ({ slipNumber: 'SLIP-0001', lines: usedOr(usedParts) }),
  },
  recordCallback: {
    title: { en: 'Call the customer back', zh: '电话回访' },
    example: () => ({
      result: 'reached',
      fixed: 'fixed',
      rating: 'A',
      remarks: 'Works as before; thanks the engineer.',
    }),
  },
  planFurtherService: {
    title: { en: 'Plan further service', zh: '制定继续服务方案' },
    example: () => ({
      cause: 'longRepair',
      expectedParts: [],
      measures: 'Visit again with the senior engineer and adjust the pressure.',
    }),
  },
  decideFurtherService: {
    title: { en: 'Decide whether to serve on', zh: '决定是否继续服务' },
    example: () => ({
      decision: 'endUnsatisfied',
      reason: 'Everything that the warranty owes is done.',
    }),
  },
  resolveFailure: {
    title: { en: 'Settle a refused step', zh: '处理被拒步骤' },
    example: () => ({ decision: 'tryAgain', reason: 'The master data is corrected.' }),
  },
};

function returnExample(
  outstanding: Contexts['reportReturn']['outstanding'],
  used: PartLine[],
): Answer<'reportReturn'> {
  const open =
    outstanding.length > 0
      ? outstanding
      : kit.map((line) => ({ ...line, issued: line.quantity, outstanding: line.quantity }));
  const fitted = outstanding.length > 0 ? used : kit;
  const lines = open
    .filter((line) => line.outstanding > 0)
    .map((line) => {
      const wasUsed = fitted.find((other) => other.partNumber === line.partNumber)?.quantity ?? 0;
      const usedWithCore = Math.min(wasUsed, line.outstanding);
      return {
        partNumber: line.partNumber,
        usedWithCore,
        returnedUnused: line.outstanding - usedWithCore,
        oldPartSerials: serials({ partNumber: line.partNumber, quantity: usedWithCore }),
      };
    });
  return lines.some((line) => line.usedWithCore > 0)
    ? { slipNumber: 'SLIP-0001', lines }
    : { lines };
}

/** A task as the door knows it. */
export interface TaskDefinition {
  name: TaskName;
  title: Title;
  role: (typeof taskRoles)[TaskName];
  answer: (typeof answers)[TaskName];
  example: (context: object) => Answer<TaskName>;
}

/** The definition of a task. */
export function definitionOf(name: TaskName): TaskDefinition {
  const { title, example } = definitions[name] as Pick<TaskDefinition, 'title' | 'example'>;
  return { name, title, example, role: taskRoles[name], answer: answers[name] };
}

/** The definition of a task, or undefined when there is none of that name. */
export function taskDefinition(name: string): TaskDefinition | undefined {
  return Object.hasOwn(definitions, name) ? definitionOf(name as TaskName) : undefined;
}
