import type { PolicyBody } from '../../domain/policy.ts';

type Clock = PolicyBody['clocks'][number];

const customerWaits: Clock['pausedBy'] = [
  'awaitingCustomer',
  'awaitingQuote',
  'customerRequestedDate',
];
// Levels of FLOW-ALERT are a hypothesis: 1 desk, 2 branch manager, 3 centre manager and supervision group.
const rungs: Clock['rungs'] = [
  { percent: 75, alertLevel: 1 },
  { percent: 100, alertLevel: 2 },
  { percent: 150, alertLevel: 3 },
];

function clock(
  name: Clock['name'],
  source: string,
  targets: [critical: string, high: string, medium: string, low: string],
): Clock {
  const [critical, high, medium, low] = targets;
  const pausedBy = name === 'restore' || name === 'resolution' ? customerWaits : [];
  return { name, source, target: { critical, high, medium, low }, pausedBy, rungs };
}

const emergency: PolicyBody['emergency'] = {
  clocks: [
    clock('response', 'R18 R19 R20; R21 gives none for low: R17', [
      'PT15M',
      'PT1H',
      'PT2H',
      'PT4H',
    ]),
    clock('restore', 'CASE-01, CASE-08, R04', ['PT4H', 'PT8H', 'P1D', 'P2D']),
    clock('resolution', 'R10 R11 R12', ['P2D', 'P2D', 'P3D', 'P4D']),
    clock('callback', 'R03 R11', ['P1D', 'P1D', 'P3D', 'P3D']),
  ],
  acknowledgeWithin: 'PT30M', // our design: an alert of an emergency can't wait for R17's four hours
  pageWithin: { critical: 'PT4M', high: 'PT15M', medium: 'PT30M', low: 'PT1H' }, // three are paged within R18 to R20
  ladderRounds: 3,
  followUpAfter: 'P1D',
};
const emergencyDue = {
  reportRemoteFix: 'PT4H', // CASE-08
  reportDataRecovery: 'PT8H',
  recordFollowUp: 'P1D',
  reviewEmergency: 'P30D', // regularly; the documents name no interval
  scoreDrill: 'P3D',
};

const defectDue = {
  fileFaultAnalysis: 'P7D',
  verifyDefect: 'P7D',
  reportRootCause: 'P14D',
  proposeAction: 'P7D',
  approveAction: 'P7D',
  reportActionInPlace: 'P0D', // by the action's own due date
};

const inspectionDue = {
  planRound: 'P7D', // R71
  recordAttendance: 'P1D', // R72
  analyseFindings: 'P7D', // R71
  decideCauses: 'P7D',
};

const common = {
  emergency,
  ratingScale: ['A', 'B', 'C', 'D'], // R35
  acknowledgeWithin: 'PT4H', // R17: urgent matters are answered within 4 h
  maxServiceRounds: 3,
  maxCallbackAttempts: 3,
  visitWhenUserOwnsPart: false,
  loan: { returnWithin: 'P7D', overdueLevels: ['P3D', 'P7D', 'P15D'] }, // our design: the documents give no timer
  retention: 'P1095D', // R73: at least three years
  paid: {
    quoteValidFor: 'P7D',
    quoteReminder: 'P2D',
    decisionReminder: 'PT4H',
    paymentReminder: 'P7D',
  },
  defect: {
    trend: { count: 3, windowDays: 90 },
    ownerReminders: ['P1D', 'P3D', 'P7D'],
    actionWithin: 'P30D',
    actionReminder: 'P3D',
    effectCheckAfter: 'P90D',
    effectAtMostPercent: 25,
  },
} satisfies Partial<PolicyBody>;

const heavyEquipment: PolicyBody = {
  ...common,
  productClass: 'heavyEquipment',
  clocks: [
    clock('response', 'R03 R17', ['PT4H', 'PT4H', 'P1D', 'P1D']),
    clock('restore', 'R04 R08', ['P2D', 'P2D', 'P3D', 'P7D']),
    clock('resolution', 'R12 R02', ['P4D', 'P4D', 'P7D', 'P7D']),
    clock('callback', 'R11', ['P3D', 'P3D', 'P3D', 'P3D']),
  ],
  taskDue: {
    ...emergencyDue,
    ...inspectionDue,
    ...defectDue,
    default: 'P1D', // R03
    reportPhoneTriage: 'PT4H', // R17
    confirmVisit: 'PT20M', // R23
    adviseDiagnosis: 'PT4H', // R13
    adviseReplacement: 'PT4H', // R13
    reportReturn: 'P7D',
    recordCallback: 'P3D', // R11
  },
  onSiteSignatures: 'userAndWitnesses', // R52, C6
  visitMinutes: 120,
};

const itProduct: PolicyBody = {
  ...common,
  productClass: 'itProduct',
  clocks: [
    clock('response', 'R13 R14', ['PT4H', 'PT4H', 'PT4H', 'P1D']),
    clock('restore', 'R15 R08', ['P2D', 'P2D', 'P3D', 'P7D']),
    clock('resolution', 'R12 R05', ['P4D', 'P4D', 'P7D', 'P7D']),
    clock('callback', 'R11', ['P3D', 'P3D', 'P3D', 'P3D']),
  ],
  taskDue: {
    ...emergencyDue,
    ...inspectionDue,
    ...defectDue,
    default: 'P1D',
    confirmVisit: 'PT20M',
    adviseDiagnosis: 'PT4H',
    adviseReplacement: 'PT4H',
    reportReturn: 'P7D',
  },
  onSiteSignatures: 'user',
  visitMinutes: 90,
};

const homeAppliance: PolicyBody = {
  ...common,
  productClass: 'homeAppliance',
  clocks: [
    clock('response', 'R01 R07', ['PT4H', 'P1D', 'P1D', 'P2D']),
    clock('restore', 'R04 R29', ['P2D', 'P2D', 'P2D', 'P3D']),
    clock('resolution', 'R05 R30', ['P4D', 'P7D', 'P7D', 'PT300H']),
    clock('callback', 'R11', ['P3D', 'P3D', 'P3D', 'P3D']),
  ],
  taskDue: {
    ...emergencyDue,
    ...inspectionDue,
    ...defectDue,
    default: 'P1D',
    confirmVisit: 'PT20M',
    reportReturn: 'P7D',
  },
  onSiteSignatures: 'user',
  visitMinutes: 60,
};

/** One policy per class of product; a changed number is a new version, never an edit. */
export const policies = [heavyEquipment, itProduct, homeAppliance].map((body) => ({
  name: body.productClass,
  version: 2,
  productClass: body.productClass,
  body,
}));
