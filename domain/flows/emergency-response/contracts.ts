/** What an emergency's own tasks ask for (FLOW-EMER, FLOW-TS, FLOW-DRILL). */
import { z } from 'zod';
import type { Severity } from '../../case.ts';
import type { PartLine } from '../../loan.ts';
import { code, instant, partLines, personal, rating, severity, staffNumber } from '../../values.ts';
import { defineAnswer } from '../define.ts';
import { repairAnswers } from '../repair/contracts.ts';
import { openEmergencyResponse, openExamples } from './opening.ts';

/** A clock as it ran in a drill, in milliseconds; null: not met. */
export interface ClockRun {
  name: string;
  targetMs: number;
  tookMs: number | null;
}

const score = z.int().min(0).max(100);
/** What a review may change (FLOW-DRILL 6). */
const improvements = z.array(z.enum(['flow', 'resources', 'training', 'technology'])).max(4);
/** A new grade; one lower than before needs its reason. */
const grade = { severity, gradeReason: personal(500).optional() };

const kit: PartLine[] = [
  { partNumber: 'SV-DISK-8T', quantity: 2 },
  { partNumber: 'SV-MEM-32G', quantity: 1 },
];

/** Answers of its own tasks, by task name. */
export const answers = {
  /** Who is paged, null once the ladder was gone through for the last time; how often it has been gone through. */
  answerPage: defineAnswer(
    z.strictObject({
      /** Who takes it owns the case; who doesn't has the next one paged at once. */
      takes: z.boolean(),
      remark: personal(500).optional(),
    }),
  ).example<{ paged: string | null; round: number; severity: Severity }>(() => ({ takes: true })),
  reportFirstContact: defineAnswer(
    z.strictObject({
      channel: z.enum(['phone', 'mail', 'onSite']),
      problemConfirmed: z.boolean(),
      ...grade,
      firstSolution: personal(2000),
      way: z.enum(['remote', 'visit', 'dataRecovery']),
      dataLost: z.boolean(),
      /** What a visit must bring, and what the customer has in stock. */
      expectedParts: partLines,
      customerParts: partLines,
    }),
  ).example<{
    severity: Severity;
    expectedParts: PartLine[];
    drill: boolean;
  }>(({ severity = 'critical', expectedParts = kit }) => ({
    channel: 'phone',
    problemConfirmed: true,
    severity,
    firstSolution:
      'Restart the array controller remotely; keep the tenants on the replica until then.',
    way: 'remote',
    dataLost: true,
    expectedParts,
    customerParts: [],
  })),
  reportRemoteFix: defineAnswer(
    z.strictObject({
      result: z.enum(['fixed', 'notFixed']),
      /** What became of the change that was made. */
      change: z.enum(['none', 'kept', 'rolledBack']),
      customerTold: z.boolean(),
      ...grade,
      /** What follows when it is not fixed. */
      next: z.enum(['remote', 'visit', 'dataRecovery']).optional(),
      dataLost: z.boolean(),
      expectedParts: partLines,
      findings: personal(2000),
    }),
  ).example<{
    severity: Severity;
    expectedParts: PartLine[];
    dataLost: boolean;
  }>(({ severity = 'critical', expectedParts = kit, dataLost = true }) => ({
    result: 'notFixed',
    change: 'rolledBack',
    customerTold: true,
    severity,
    next: 'visit',
    dataLost,
    expectedParts,
    findings: 'Two disks of the array and a memory module do not answer; the controller is sound.',
  })),
  reportDataRecovery: defineAnswer(
    z.strictObject({
      recovered: z.enum(['complete', 'partial', 'failed']),
      source: z.enum(['backup', 'replica', 'media']),
      tryAgain: z.boolean(),
      findings: personal(2000),
    }),
  ).example<{ attempt: number }>(() => ({
    recovered: 'complete',
    source: 'backup',
    tryAgain: false,
    findings: 'Restored from the backup of 01:00, the rest from the replica; checksums agree.',
  })),
  writeIncidentReport: defineAnswer(
    z.strictObject({
      handlingMinutes: z.int().min(1).max(100_000),
      staff: z.array(staffNumber).min(1).max(20),
      causeCode: code,
      remedyCode: code,
      solution: personal(4000),
      customerFeedback: personal(2000).optional(),
    }),
  ).example<{
    minutesSoFar: number;
    staff: string[];
    causeCode: string | null;
    remedyCode: string | null;
  }>(({ minutesSoFar = 90, staff, causeCode, remedyCode }) => ({
    handlingMinutes: Math.max(1, minutesSoFar),
    staff: staff && staff.length > 0 ? staff : ['ST-03'],
    causeCode: causeCode ?? 'DISK-FAIL',
    remedyCode: remedyCode ?? 'REPLACED',
    solution: 'Disks and memory swapped, array rebuilt, data restored from backup and replica.',
    customerFeedback: 'All tenants work again.',
  })),
  recordFollowUp: defineAnswer(
    z.strictObject({
      result: z.enum(['reached', 'noAnswer', 'postponed', 'refused']),
      fixed: z.enum(['fixed', 'partly', 'notFixed']).optional(),
      rating: rating.optional(),
      /** When the customer asked to be called. */
      callAgainAt: instant.optional(),
      feedback: personal(2000).optional(),
    }),
  ).example<{ attempt: number }>(() => ({
    result: 'reached',
    fixed: 'fixed',
    rating: 'A',
    feedback: 'Stable since; would like to be warned before the next firmware update.',
  })),
  reviewEmergency: defineAnswer(
    z.strictObject({
      rootCause: z.enum(['product', 'operation', 'environment', 'software', 'service', 'unknown']),
      improvements,
      findings: personal(4000),
    }),
  ).example<{ faultCode: string; causeCode: string | null }>(() => ({
    rootCause: 'product',
    improvements: ['technology'],
    findings: 'Two disks of one batch failed together; watch the batch, warn earlier.',
  })),
  scoreDrill: defineAnswer(
    z.strictObject({
      form: z.enum(['tabletop', 'live', 'simulated']),
      response: score,
      efficiency: score,
      satisfaction: score,
      improvements,
      gaps: personal(4000),
    }),
  ).example<{ clocks: ClockRun[] }>(({ clocks = [] }) => ({
    form: 'simulated',
    response: scoreOf(clocks, 'response'),
    efficiency: scoreOf(clocks, 'restore'),
    satisfaction: 95,
    improvements: ['training'],
    gaps: 'The second on call looked for the console password.',
  })),
};

/** Within its target: full marks, less ten for each tenth of it that was used beyond. */
function scoreOf(clocks: ClockRun[], name: string): number {
  const clock = clocks.find((one) => one.name === name);
  if (!clock) return 90;
  if (clock.tookMs === null) return 0;
  const beyond = clock.tookMs / clock.targetMs - 1;
  return Math.min(100, Math.max(0, Math.round(100 - beyond * 100)));
}

/** What the door asks for in an emergency. */
export const contracts = {
  opening: openEmergencyResponse,
  examples: openExamples,
  answers: { ...repairAnswers, ...answers },
};
