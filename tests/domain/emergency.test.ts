/** What an emergency promises (FLOW-EMER, R18–R21, R33) and what its answers must fulfil. */
import { expect, test } from 'vitest';
import { severities } from '../../domain/case.ts';
import { definitionOf } from '../../domain/catalogue.ts';
import { isLower } from '../../domain/flows/emergency-response/grading.ts';
import {
  type OpenEmergencyResponse,
  openEmergencyResponse,
  openExamples,
} from '../../domain/flows/emergency-response/opening.ts';
import { planEmergencyResponse } from '../../domain/flows/emergency-response/plan.ts';
import { problems } from '../../domain/flows/tasks.ts';
import type { RepairFacts } from '../../domain/repair-plan.ts';
import { policies } from '../../setup/demo-data/policies.ts';
import { facts, now } from '../support/domain/facts.ts';

const minute = 60_000;
const [first] = openExamples;
if (!first) throw new Error('the flow has no example');
const reported = (changes: Partial<OpenEmergencyResponse> = {}) => ({ ...first, ...changes });

function planOf(changes: Partial<OpenEmergencyResponse> = {}, known: Partial<RepairFacts> = {}) {
  const opening = { request: reported(changes), now, because: ['a test'], override: null };
  const planned = planEmergencyResponse({ ...opening, source: null }, facts(known));
  if (!('plan' in planned)) throw new Error(planned.refused);
  return planned.plan;
}
const targetOf = (plan: ReturnType<typeof planOf>, name: string) =>
  plan.clocks.find((clock) => clock.name === name)?.targetMs;

test.each([
  ['critical', 15], // R18
  ['high', 60], // R19
  ['medium', 120], // R20
  ['low', 240], // R21 gives none: the policy's own
] as const)('a %s emergency is answered within %i minutes', (severity, minutes) => {
  const plan = planOf({ severity });
  expect(targetOf(plan, 'response')).toBe(minutes * minute);
  expect(plan.taskDueMs.reportFirstContact).toBe(minutes * minute);
});

test.each([
  ['siteDown', 'critical'],
  ['machineDown', 'high'],
  ['singleFunction', 'medium'],
] as const)(
  'one that is not graded yet is graded by its impact: %s is %s',
  (impactScope, grade) => {
    const plan = planOf({ severity: undefined, fault: { ...first.fault, impactScope } });
    expect(plan.severity).toBe(grade);
    expect(plan.routing.because).toContain(`graded ${grade} by its impact: ${impactScope}`);
  },
);

test('each class of product has clocks for all four grades, the graver the shorter', () => {
  for (const policy of policies) {
    const { targetsMs } = planOf({}, { policy });
    for (const clock of ['response', 'restore', 'resolution', 'callback'] as const) {
      const targets = severities.map((severity) => targetsMs[severity][clock] ?? 0);
      expect(targets).toEqual([...targets].sort((a, b) => a - b));
      expect(targets[0]).toBeGreaterThan(0);
    }
  }
});

test('a ladder of three is paged once before the answer is due', () => {
  for (const severity of severities) {
    const plan = planOf({ severity });
    expect(3 * plan.onCall.pageWithinMs).toBeLessThan(targetOf(plan, 'response') ?? 0);
  }
});

test('an emergency is answered whatever the customer is owed; the verdict is kept', () => {
  const lapsed = { ...facts().asset, installedOn: '2020-01-01' };
  expect(planOf({}, { asset: lapsed }).entitlement.verdict).toBe('outOfWarranty');
  expect(planOf().entitlement.verdict).toBe('inWarranty');
});

test('a real emergency during a drill on the same machine is no twin of it', () => {
  const [real, drill] = [planOf(), planOf({ drill: true })];
  expect(real.drill).toBe(false);
  expect(drill.drill).toBe(true);
  expect(drill.twinKey).not.toBe(real.twinKey);
  expect(planOf({ drill: true }).twinKey).toBe(drill.twinKey);
});

test('the report form is taken with time, place and impact, and as a critical repair; nothing else is', () => {
  for (const example of openExamples)
    expect(openEmergencyResponse.safeParse(example).success).toBe(true);
  const occurredAt = '2026-03-15T03:00:00Z';
  const whole = { ...first, class: 'repair', fault: { ...first.fault, occurredAt } };
  expect(openEmergencyResponse.safeParse(whole).success).toBe(true);
  for (const wrong of [{ severity: 'urgent' }, { drill: 'yes' }, { impact: 'all' }])
    expect(openEmergencyResponse.safeParse({ ...first, ...wrong }).success).toBe(false);
});

test('a grade is lower when it promises less', () => {
  expect(isLower('low', 'critical')).toBe(true);
  expect(isLower('critical', 'high')).toBe(false);
  expect(isLower('high', 'high')).toBe(false);
});

const known = { severity: 'high' as const, expectedParts: [], drill: false, dataLost: false };
const pointers = (task: Parameters<typeof definitionOf>[0], changes: object, context: object) =>
  problems(task, { ...definitionOf(task).example(context), ...changes }, context).map(
    ({ pointer }) => pointer,
  );

test.each([
  ['reportFirstContact', { severity: 'medium' }, ['/gradeReason']],
  ['reportFirstContact', { severity: 'medium', gradeReason: 'One tenant only.' }, []],
  ['reportFirstContact', { severity: 'critical' }, []],
  ['reportFirstContact', { problemConfirmed: false }, ['/problemConfirmed']],
  ['reportFirstContact', { way: 'dataRecovery', dataLost: false }, ['/dataLost']],
  ['reportRemoteFix', { severity: 'low' }, ['/gradeReason']],
  ['reportRemoteFix', { change: 'kept' }, ['/change']],
  ['reportRemoteFix', { customerTold: false }, ['/customerTold']],
  ['reportRemoteFix', { next: undefined }, ['/next']],
  ['reportRemoteFix', { next: 'dataRecovery', dataLost: false }, ['/dataLost']],
  ['reportRemoteFix', { result: 'fixed', change: 'kept', next: undefined }, []],
  ['reportDataRecovery', { tryAgain: true }, ['/tryAgain']],
  ['reportDataRecovery', { recovered: 'partial', tryAgain: true }, []],
  ['recordFollowUp', { fixed: undefined }, ['/fixed']],
  ['recordFollowUp', { result: 'noAnswer', fixed: undefined }, []],
] as const)('%s with %j: %j', (task, changes, wrong) => {
  expect(pointers(task, changes, known)).toEqual(wrong);
});

test('a refused downgrade says what is allowed', () => {
  const answer = { ...definitionOf('reportFirstContact').example(known), severity: 'low' };
  const [problem] = problems('reportFirstContact', answer, known);
  expect(problem?.detail).toBe(
    'low is lower than high: give the reason, or leave the grade at high or above',
  );
});

test('who does not take a page says why', () => {
  const context = { paged: 'ST-33', round: 1, severity: 'high' };
  const wrong = problems('answerPage', { takes: false }, context);
  expect(wrong.map(({ pointer }) => pointer)).toEqual(['/remark']);
  expect(problems('answerPage', { takes: false, remark: 'In a tunnel.' }, context)).toEqual([]);
});

test('a drill is scored by how its clocks ran, as the example shows', () => {
  const clocks = [
    { name: 'response', targetMs: 15 * minute, tookMs: 10 * minute },
    { name: 'restore', targetMs: 100 * minute, tookMs: 130 * minute },
  ];
  const scored = definitionOf('scoreDrill').example({ clocks });
  expect(scored).toMatchObject({ response: 100, efficiency: 70 });
  const never = clocks.map((clock) => ({ ...clock, tookMs: null }));
  expect(definitionOf('scoreDrill').example({ clocks: never })).toMatchObject({ response: 0 });
});
