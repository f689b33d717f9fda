/** Examples of the tasks that several flows share. */
import type { Contexts, UsedLine } from '../../checks.ts';
import type { Answer } from '../../contracts.ts';
import type { PartLine } from '../../loan.ts';
import type { Examples } from '../../tasks.ts';
import type { roles } from './tasks.ts';

const kit: PartLine[] = [
  { partNumber: 'HP-PUMP-230', quantity: 1 },
  { partNumber: 'HP-SEAL-230', quantity: 2 },
];
const serials = (line: PartLine) =>
  Array.from({ length: line.quantity }, (_, index) => `OLD-${line.partNumber}-${index + 1}`);
const withSerials = (line: PartLine): UsedLine => ({ ...line, oldPartSerials: serials(line) });
const usedOr = (used: UsedLine[] | undefined) => used ?? kit.map(withSerials);

export const examples: Examples<keyof typeof roles> = {
  reportPhoneTriage: ({ faultCode = 'HYD-PUMP-LOSS', expectedParts = kit }) => ({
    likelyFaultCode: faultCode,
    fixedByPhone: false,
    customerHasPart: expectedParts.length > 0,
    guideByPhone: expectedParts.length > 0,
    expectedParts,
    findings: 'Pressure drops when the boom is raised; the operator heard the pump.',
  }),
  reportGuidedReplacement: ({ expectedParts = kit }) => ({
    fixed: false,
    usedParts: [],
    expectedParts,
    findings: 'The customer could not free the coupling; the pump on hand is the wrong one.',
  }),
  approveLoan: () => ({ approved: true }),
  receiveShortage: ({ shortages = kit, location = 'OFFICE-NORTH' }) => ({
    location,
    lines: shortages,
  }),
  issueParts: ({ borrower }) => ({
    borrower: borrower ?? 'ST-02',
    borrowerSigned: true,
    serials: [],
  }),
  decideRejectedLoan: ({ lines = kit }) => ({
    decision: 'askAgain',
    expectedParts: lines,
    reason: 'The machine stands still; the parts are needed.',
  }),
  confirmVisit: ({ candidates }) => {
    const first = candidates?.[0];
    if (!first) return { engineerNumber: 'EN-01', customerAgreed: true };
    return {
      engineerNumber: first.engineerNumber,
      start: first.start,
      end: first.end,
      customerAgreed: true,
    };
  },
  confirmDeparture: () => ({ mustCarryItems: true, workClothing: true, tools: true, papers: true }),
  recordSiteFacts: ({ signatures = 'userAndWitnesses' }) => ({
    faultAccount: 'Oil under the pump; the boom sinks under load.',
    operationBefore: 'Digging at full reach for two hours.',
    operationAfter: 'The operator lowered the boom and stopped the engine.',
    ...(signatures === 'none' ? {} : { userSignature: 'Li Wei' }),
    witnessSignatures: signatures === 'userAndWitnesses' ? ['Wang Fang', 'Zhao Min'] : [],
  }),
  confirmSafety: () => ({ workClothing: true, powerCut: true }),
  reportDiagnosis: ({ faultCode = 'HYD-PUMP-LOSS' }) => ({
    faultLocated: true,
    faultCode,
    causeCode: 'SEAL-WORN',
    covered: true,
    determination: 'Shaft seal worn through; pump housing scored.',
  }),
  adviseDiagnosis: () => ({
    determination: 'confirmed',
    advice: 'Matches two earlier cases; replace pump and seals together.',
  }),
  decideCoverage: () => ({ decision: 'goodwill', reason: 'First fault of a loyal customer.' }),
  adviseReplacement: () => ({
    procedure: { id: 'PS-HYD-012', version: 3 },
    advice: 'Bleed the circuit before the first start.',
  }),
  reportRepair: ({ onLoan = [], sold = [], customerParts = [] }) => ({
    result: 'repaired',
    usedParts: [
      ...onLoan
        .filter((line) => line.outstanding > 0)
        .map((line) => ({
          ...withSerials({ partNumber: line.partNumber, quantity: line.outstanding }),
          source: 'loan' as const,
        })),
      ...sold.map((line) => ({ ...withSerials(line), source: 'sale' as const })),
      ...(onLoan.length > 0 || sold.length > 0
        ? []
        : customerParts.map((line) => ({ ...withSerials(line), source: 'customer' as const }))),
    ],
    remedyCode: 'REPLACED',
    stepsFollowed: true,
    expectedParts: [],
  }),
  planEscalation: () => ({
    plan: 'repairOnSite',
    expectedParts: [],
    agreedWithCustomer: true,
    measures: 'A senior engineer joins on site today.',
  }),
  reportMachineCheck: () => ({
    runsNormally: true,
    items: [
      { item: 'PRESSURE', ok: true },
      { item: 'LEAKS', ok: true },
      { item: 'SLEW', ok: true },
    ],
  }),
  writeServiceRecord: () => ({
    workDone: 'Pump and both seals replaced, circuit bled, machine run for 20 minutes.',
    precautions: 'Warm up for ten minutes below 5 °C; check the oil level weekly.',
    laborMinutes: 180,
  }),
  fileWarrantyClaim: ({ usedParts }) => ({ slipNumber: 'SLIP-0001', lines: usedOr(usedParts) }),
  signServiceRecord: ({ version = 1, digest = '0'.repeat(64) }) => ({
    version,
    digest,
    signed: true,
    signedBy: 'Li Wei',
    device: 'tablet',
    rating: 'A',
    copyFourHandedOver: true,
    precautionsTaught: true,
  }),
  decideRefusedSignature: () => ({
    decision: 'acceptUnsigned',
    reason: 'The customer wants to see a week of work first.',
  }),
  reportReturn: ({ outstanding = [], used = [] }) => returnExample(outstanding, used),
  receiveOldParts: ({ usedParts }) => ({ slipNumber: 'SLIP-0001', lines: usedOr(usedParts) }),
  recordCallback: () => ({
    result: 'reached',
    fixed: 'fixed',
    rating: 'A',
    remarks: 'Works as before; thanks the engineer.',
  }),
  planFurtherService: () => ({
    cause: 'longRepair',
    expectedParts: [],
    measures: 'Visit again with the senior engineer and adjust the pressure.',
  }),
  decideFurtherService: () => ({
    decision: 'endUnsatisfied',
    reason: 'Everything that the warranty owes is done.',
  }),
  resolveFailure: () => ({ decision: 'tryAgain', reason: 'The master data is corrected.' }),
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
