/** Requests that open an emergency, and examples of its own tasks: the first ones lead down the longest documented path. */
import type { PartLine } from '../../loan.ts';
import type { Examples } from '../../tasks.ts';
import type { ClockRun } from './checks.ts';
import type { OpenEmergencyResponse } from './contracts.ts';
import type { roles } from './stages.ts';

const kit: PartLine[] = [
  { partNumber: 'SV-DISK-8T', quantity: 2 },
  { partNumber: 'SV-MEM-32G', quantity: 1 },
];

const customer = {
  flow: 'emergencyResponse',
  customerNumber: 'CU-1004',
  serialNumber: 'SRV-DC-0002',
  channel: 'phone',
  contact: { name: 'Tan Wei Ming', phone: '+86 139 0000 1004' },
} as const;

export const openExamples: OpenEmergencyResponse[] = [
  {
    ...customer,
    fault: {
      code: 'SRV-ARRAY-LOST',
      description: 'The storage array is down; the business of every tenant stands still.',
      place: 'Data centre South, hall 2, rack 14',
      impactScope: 'siteDown',
    },
    severity: 'critical',
  },
  {
    ...customer,
    fault: {
      code: 'SRV-NODE-HANG',
      description: 'Drill: one node hangs and does not come back by itself.',
      place: 'Data centre South, hall 2, rack 15',
      impactScope: 'machineDown',
    },
    drill: true,
  },
];

export const examples: Examples<keyof typeof roles> = {
  answerPage: () => ({ takes: true }),
  reportFirstContact: ({ severity = 'critical', expectedParts = kit }) => ({
    channel: 'phone',
    problemConfirmed: true,
    severity,
    firstSolution:
      'Restart the array controller remotely; keep the tenants on the replica until then.',
    way: 'remote',
    dataLost: true,
    expectedParts,
    customerParts: [],
  }),
  reportRemoteFix: ({ severity = 'critical', expectedParts = kit, dataLost = true }) => ({
    result: 'notFixed',
    change: 'rolledBack',
    customerTold: true,
    severity,
    next: 'visit',
    dataLost,
    expectedParts,
    findings: 'Two disks of the array and a memory module do not answer; the controller is sound.',
  }),
  reportDataRecovery: () => ({
    recovered: 'complete',
    source: 'backup',
    tryAgain: false,
    findings: 'Restored from the backup of 01:00, the rest from the replica; checksums agree.',
  }),
  writeIncidentReport: ({ minutesSoFar = 90, staff, causeCode, remedyCode }) => ({
    handlingMinutes: Math.max(1, minutesSoFar),
    staff: staff && staff.length > 0 ? staff : ['ST-03'],
    causeCode: causeCode ?? 'DISK-FAIL',
    remedyCode: remedyCode ?? 'REPLACED',
    solution: 'Disks and memory swapped, array rebuilt, data restored from backup and replica.',
    customerFeedback: 'All tenants work again.',
  }),
  recordFollowUp: () => ({
    result: 'reached',
    fixed: 'fixed',
    rating: 'A',
    feedback: 'Stable since; would like to be warned before the next firmware update.',
  }),
  reviewEmergency: () => ({
    rootCause: 'product',
    improvements: ['technology'],
    findings: 'Two disks of one batch failed together; watch the batch, warn earlier.',
  }),
  scoreDrill: ({ clocks = [] }) => ({
    form: 'simulated',
    response: scoreOf(clocks, 'response'),
    efficiency: scoreOf(clocks, 'restore'),
    satisfaction: 95,
    improvements: ['training'],
    gaps: 'The second on call looked for the console password.',
  }),
};

/** Within its target: full marks, less ten for each tenth of it that was used beyond. */
function scoreOf(clocks: ClockRun[], name: string): number {
  const clock = clocks.find((one) => one.name === name);
  if (!clock) return 90;
  if (clock.tookMs === null) return 0;
  const beyond = clock.tookMs / clock.targetMs - 1;
  return Math.min(100, Math.max(0, Math.round(100 - beyond * 100)));
}
