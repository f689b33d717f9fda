/** A case and its tasks as every reader sees them. `CaseView` and the rows say what is there; the shapes say how it is written. */
import { z } from 'zod';
import { type ActionName, actions } from '../../domain/action-contracts.ts';
import {
  type Blocker,
  type CaseView,
  type ClockView,
  holdReasons,
  severities,
  statuses,
  type WaitingOn,
} from '../../domain/case.ts';
import type { CasePlan, Entitlement } from '../../domain/plan.ts';
import type {
  BoardLine,
  PartnerWait,
  RecordedEvent,
  WorklistTask,
} from '../../services/cases/index.ts';
import { actorShape, alertLevel, at, jsonSchema, role, rowOf, titleShape } from './common.ts';

const caseNumber = z.string().meta({ examples: ['C-000017'] });
const actionNames = Object.keys(actions) as [ActionName, ...ActionName[]];

type TaskRow = Omit<WorklistTask, 'context' | 'workflowId'>;
export const taskShape = rowOf<TaskRow>()({
  id: z
    .string()
    .describe('name and occurrence: `reportRepair-2`, a child’s `loan1-reportReturn-1`'),
  name: z.string(),
  caseNumber,
  role,
  assignee: z.string().nullable().describe('null: anybody in the role may take it'),
  stage: z.string(),
  openedAt: at,
  dueAt: at.nullable(),
  expiresAt: at.exactOptional().describe('from then on an answer is refused'),
})
  .extend({
    title: titleShape.nullable(),
    answerSchema: jsonSchema,
    links: z.object({ case: z.string(), answer: z.string() }),
  })
  .meta({ id: 'Task' });
export type TaskPage = z.output<typeof taskShape>;

type Wait = WaitingOn & Partial<Pick<PartnerWait, 'workflowId'>>;
const wait = {
  what: z.string().describe('a task, a clock, or the effect under way'),
  who: z.string().describe('a role, a staff number, or a partner’s service'),
  since: at,
};
const waitShape = rowOf<Wait>()({
  ...wait,
  workflowId: z.string().exactOptional().describe('of the loan that waits for a partner'),
}).meta({ id: 'Wait' });
const partnerWaitShape = rowOf<PartnerWait>()({ ...wait, workflowId: z.string() }).meta({
  id: 'PartnerWait',
});

const clockShape = rowOf<Omit<ClockView, 'state'>>()({
  name: z.string(),
  startedAt: at,
  dueAt: at,
  metAt: at.nullable(),
})
  .extend({ state: z.enum(['running', 'paused', 'met', 'missed']) })
  .meta({ id: 'Clock' });

export const blockerShape = rowOf<Blocker>()({
  kind: z.enum([
    'openLoan',
    'coreReturn',
    'unsignedRecord',
    'openCallback',
    'unsatisfied',
    'openCharge',
    'soldParts',
  ]),
  id: z.string().describe('what a waiver names'),
  waivable: z.boolean(),
}).meta({ id: 'Blocker' });

export const entitlementShape = rowOf<Entitlement>()({
  verdict: z.enum(['inWarranty', 'outOfWarranty', 'contract', 'goodwill', 'unknown']),
  evidence: z.array(z.string()),
  checkedAt: at,
  overriddenBy: z.string().nullable(),
  overrideReason: z.string().nullable(),
}).meta({ id: 'Entitlement' });

const viewShape = rowOf<Omit<CaseView, 'clocks' | 'waitingOn'>>()({
  caseNumber,
  flow: z.string(),
  cycle: z.int().describe('grows when a closed case is opened again'),
  status: z.enum(statuses),
  stage: z.string(),
  severity: z.enum(severities),
  alertLevel,
  alertAcknowledged: z.boolean(),
  holdReason: z.enum(holdReasons).nullable(),
  assignee: z.string().nullable().describe('staff number of the person in charge'),
  nextDueAt: at.nullable(),
  blockers: z.array(blockerShape),
  waivers: z.array(
    z.object({ id: z.string(), reason: z.string(), actor: z.string(), at }).meta({ id: 'Waiver' }),
  ),
  outcome: z.string().nullable(),
  completedAt: at.nullable().exactOptional(),
  closedAt: at.nullable(),
  facts: z
    .record(z.string(), z.unknown())
    .meta({ id: 'CaseFacts', description: 'what the flow found out: numbers and codes' }),
});

const planShape = rowOf<
  Pick<CasePlan, 'territory' | 'channel' | 'entitlement' | 'routing' | 'policy'>
>()({
  territory: z.string(),
  channel: z.string(),
  entitlement: entitlementShape.nullable(),
  routing: z.object({ flow: z.string(), because: z.array(z.string()) }),
  policy: z.object({ name: z.string(), version: z.int() }),
});

export const caseShape = z
  .object({
    ...viewShape.shape,
    ...planShape.shape,
    customerNumber: z.string().nullable(),
    serialNumber: z.string().nullable(),
    faultCode: z.string().nullable(),
    specialUser: z
      .object({ reason: z.string() })
      .nullable()
      .describe('why parts are asked to be free'),
    clocks: z.array(clockShape),
    waitingOn: waitShape.nullable(),
    partnerWaits: z
      .array(partnerWaitShape)
      .describe(
        'services that it, or a loan of it, has waited for at least 5 s; one of them may be diverted',
      ),
    openTasks: z.array(taskShape),
    allowedActions: z.array(z.enum(actionNames)),
    openedAt: at,
    openedBy: actorShape,
    revision: z
      .int()
      .min(0)
      .describe('grows with every step of the case and its children; for `?after=`'),
    links: z.object({
      self: z.string(),
      timeline: z.string(),
      serviceRecords: z.string(),
      temporalUi: z.string(),
    }),
  })
  .meta({ id: 'Case' });
export type CasePage = z.output<typeof caseShape>;

export const boardShape = rowOf<Omit<BoardLine, 'waitingOn'>>()({
  caseNumber,
  flow: z.string(),
  status: z.enum(statuses),
  stage: z.string(),
  severity: z.enum(severities),
  alertLevel,
  customerNumber: z.string().nullable(),
  serialNumber: z.string().nullable(),
  assignee: z.string().nullable(),
  nextDueAt: at.nullable().describe('of any running clock or open task'),
  overdue: z.boolean(),
})
  .extend({ waitingOn: waitShape.nullable(), links: z.object({ case: z.string() }) })
  .meta({ id: 'BoardLine' });

export const eventShape = rowOf<RecordedEvent>()({
  seq: z.int(),
  kind: z.string().describe('what'),
  actor: actorShape.describe('who'),
  at: at.describe('when'),
  recordedAt: at,
  reason: z.string().nullable().describe('why'),
  subject: z.string().nullable().describe('the task, clock, effect or action it is about'),
  detail: z
    .record(z.string(), z.unknown())
    .meta({ id: 'EventDetail', description: 'numbers and codes, by kind' }),
  workflowId: z.string().nullable(),
  runId: z.string().nullable(),
  updateId: z.string().nullable(),
  cycle: z.int().nullable(),
})
  .extend({ eventId: z.int().nullable() })
  .meta({ id: 'TimelineEvent' });
