/** What tests of defect reports share: schools whose switches fail alike, and what a timeline says. */
import type { PolicyBody } from '../../../domain/policy.ts';
import type { RecordedEvent } from '../../../services/cases/index.ts';
import type { Stores } from '../../../services/stores.ts';
import { policies } from '../../../setup/demo-data/policies.ts';
import type { Body, Case } from './case.ts';
import type { Desk } from './desk.ts';

export const linesOf = async (theCase: Case, kind: string): Promise<RecordedEvent[]> =>
  (await theCase.timeline()).filter((line) => line.kind === kind);

export const school = (number: number): string => `NET-SCH-${String(number).padStart(4, '0')}`;

/** A report of a model and a fault; of the example's when no fault is named. */
export const openReport = (desk: Desk, code = 'NET-PSU-HUM', request: Body = {}) =>
  desk.open({
    flow: 'defectReport',
    request: { fault: { code, description: 'It hums.' }, ...request },
  });

/** The school replaces the power supply, guided by phone. */
export const fixedByHand = {
  reportGuidedReplacement: {
    fixed: true,
    usedParts: [{ partNumber: 'NW-PSU-48', quantity: 1, oldPartSerials: ['OLD-PSU'] }],
    expectedParts: [],
  },
};

export const brokenSwitch = (number: number) => ({
  customerNumber: 'CU-1003',
  serialNumber: school(number),
  fault: { code: 'NET-PSU-DROP', description: 'It drops out.' },
});

/** A switch whose power supply the school replaces, guided by phone, up to a task. */
export async function repairSwitch(desk: Desk, number: number, upTo = 'the end'): Promise<Case> {
  const theCase = await desk.open({ request: brokenSwitch(number) });
  await theCase.walkTo(upTo, fixedByHand);
  return theCase;
}

/** The policy, but with the effect of an action checked after so long. */
export function checkedAfter(effectCheckAfter: string): Pick<PolicyBody, 'defect'> {
  const [policy] = policies;
  if (!policy) throw new Error('no policy');
  return { defect: { ...policy.body.defect, effectCheckAfter } };
}

/** The fault of the example comes back on a unit that has the action, as soon as it is in place. */
export async function recurOnTreated(theCase: Case, { defects }: Stores): Promise<void> {
  const { action } = (await theCase.view()).facts as { action: { inPlaceAt: string } };
  await defects.effects.recordFailure({
    effectKey: `${theCase.caseNumber}/recurred`,
    caseNumber: theCase.caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(11),
    faultCode: 'NET-PSU-HUM',
    causeCode: null,
    remedyCode: 'REPLACED',
    failedAt: action.inPlaceAt,
    windowMs: 1,
  });
}
