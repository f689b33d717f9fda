/** What tests of defect reports share: schools whose switches fail alike, and what a timeline says. */
import type { RecordedEvent } from '../../db/index.ts';
import type { Body, Case } from './case.ts';
import type { Desk } from './desk.ts';

export const linesOf = async (kase: Case, kind: string): Promise<RecordedEvent[]> =>
  (await kase.timeline()).filter((line) => line.kind === kind);

export const school = (number: number): string => `NET-SCH-${String(number).padStart(4, '0')}`;

/** A report of a model and a fault; of the example's when no fault is named. */
export const openReport = (desk: Desk, code = 'NET-PSU-HUM', request: Body = {}) =>
  desk.open({
    flow: 'defectReport',
    request: { fault: { code, description: 'It hums.' }, ...request },
  });

const fixedByHand = {
  reportGuidedReplacement: {
    fixed: true,
    usedParts: [{ partNumber: 'NW-PSU-48', quantity: 1, oldPartSerials: ['OLD-PSU'] }],
    expectedParts: [],
  },
};

/** A switch whose power supply the school replaces, guided by phone, up to a task. */
export async function repairSwitch(desk: Desk, number: number, upTo = 'the end'): Promise<Case> {
  const kase = await desk.open({
    request: {
      customerNumber: 'CU-1003',
      serialNumber: school(number),
      fault: { code: 'NET-PSU-DROP', description: 'It drops out.' },
    },
  });
  await kase.walkTo(upTo, fixedByHand);
  return kase;
}
