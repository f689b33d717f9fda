import { type Severity, severities } from '../../case.ts';
import { milliseconds } from '../../duration.ts';
import {
  type ClockPlan,
  clocksFor,
  type Opening,
  type Planned,
  type RepairPlan,
} from '../../plan.ts';
import type { PolicyBody } from '../../policy.ts';
import { type RepairFacts, repairPromises } from '../../repair-plan.ts';
import { checkEntitlement } from '../../warranty.ts';
import { emergencyResponseFlow } from './flow.ts';
import type { OpenEmergencyResponse } from './opening.ts';

/** Every promise of an emergency: those of a repair, with clocks of its own and a ladder that is paged. */
export interface EmergencyPlan extends RepairPlan {
  class: 'emergency';
  onCall: {
    /** Milliseconds that each person on the ladder has to answer. */
    pageWithinMs: number;
    /** How often the ladder is gone through before the page stands open for everybody. */
    rounds: number;
  };
  /** Of the report form: when it happened and how far it reaches; null where nobody said. Its words stay in the database. */
  reported: { occurredAt: string | null; impactScope: string | null };
  /** Milliseconds of each clock for each grade: what the clocks run by once it is graded anew. */
  targetsMs: Record<Severity, Partial<Record<ClockPlan['name'], number>>>;
  /** Milliseconds after the customer's verification that the follow-up is meant for (M31). */
  followUpAfterMs: number;
}

/** The plan of an emergency. Whatever the customer is owed, an emergency is answered: the verdict only says who pays. */
export function planEmergencyResponse(
  opening: Opening<OpenEmergencyResponse>,
  facts: RepairFacts,
): Planned<EmergencyPlan> {
  const repair = repairPromises(opening, facts);
  const { emergency } = facts.policy.body;
  const { fault, drill = false } = opening.request;
  const entitlement = checkEntitlement(facts.asset, opening.now);
  return {
    plan: {
      ...repair,
      ...answeredBy(emergency, repair),
      class: emergencyResponseFlow.class,
      entitlement,
      reported: {
        occurredAt: fault.occurredAt ?? null,
        impactScope: fault.impactScope ?? null,
      },
      routing: {
        flow: emergencyResponseFlow.name,
        because: [...opening.because, ...gradedBy(opening, repair.severity)],
      },
      drill,
      // a real emergency during a drill is no twin of it
      twinKey: drill ? `drill/${repair.twinKey}` : repair.twinKey,
    },
  };
}

/** The part of the policy that is for emergencies, for one grade. */
function answeredBy(
  emergency: PolicyBody['emergency'],
  { severity, taskDueMs }: Pick<RepairPlan, 'severity' | 'taskDueMs'>,
) {
  const clocks = clocksFor(emergency.clocks, severity);
  const pageWithinMs = milliseconds(emergency.pageWithin[severity]);
  const response = clocks.find(({ name }) => name === 'response')?.targetMs;
  return {
    clocks,
    acknowledgeWithinMs: milliseconds(emergency.acknowledgeWithin),
    onCall: { pageWithinMs, rounds: emergency.ladderRounds },
    targetsMs: targetsOf(emergency),
    followUpAfterMs: milliseconds(emergency.followUpAfter),
    taskDueMs: {
      ...taskDueMs,
      answerPage: pageWithinMs,
      ...(response === undefined ? {} : { reportFirstContact: response }),
    },
  };
}

function targetsOf({ clocks }: PolicyBody['emergency']): EmergencyPlan['targetsMs'] {
  const targets = (severity: Severity) =>
    Object.fromEntries(clocksFor(clocks, severity).map(({ name, targetMs }) => [name, targetMs]));
  return Object.fromEntries(
    severities.map((severity) => [severity, targets(severity)]),
  ) as EmergencyPlan['targetsMs'];
}

const gradedBy = ({ request }: Opening<OpenEmergencyResponse>, severity: Severity): string[] => [
  request.severity
    ? `graded ${severity} by whoever reported it`
    : `graded ${severity} by its impact: ${request.fault.impactScope ?? 'not known'}`,
];
