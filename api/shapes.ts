/** What the API answers, for the OpenAPI page and its readers. Requests are described by the contracts that check them. */
import { z } from 'zod';
import { type ActionName, actions } from '../domain/action-contracts.ts';
import { roles, severities, statuses } from '../domain/case.ts';
import { type Code, codes } from './problem.ts';

const at = z.iso.datetime();
const role = z.enum(roles);
const jsonSchema = z
  .record(z.string(), z.unknown())
  .describe('JSON Schema 2020-12 with `examples`');
const title = z.object({ en: z.string(), zh: z.string() });

/** A page of a list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const taskShape = z.looseObject({
  id: z
    .string()
    .describe('name and occurrence: `reportRepair-2`, a child’s `loan1-reportReturn-1`'),
  name: z.string(),
  caseNumber: z.string(),
  title: title.nullable(),
  role,
  assignee: z.string().nullable(),
  stage: z.string(),
  openedAt: at,
  dueAt: at.nullable(),
  answerSchema: jsonSchema,
});

export const caseShape = z.looseObject({
  caseNumber: z.string(),
  flow: z.string(),
  status: z.enum(statuses),
  stage: z.string(),
  severity: z.enum(severities),
  customerNumber: z.string().nullable(),
  serialNumber: z.string().nullable(),
  entitlement: z.looseObject({ verdict: z.string(), evidence: z.array(z.string()) }).nullable(),
  specialUser: z
    .object({ reason: z.string() })
    .nullable()
    .describe('why parts are asked to be free'),
  openTasks: z.array(taskShape),
  clocks: z.array(
    z.looseObject({
      name: z.string(),
      dueAt: at,
      state: z.enum(['running', 'paused', 'met', 'missed']),
    }),
  ),
  alertLevel: z.int().min(0).max(3),
  waitingOn: z.object({ what: z.string(), who: z.string(), since: at }).nullable(),
  partnerWaits: z
    .array(z.looseObject({ what: z.string(), who: z.string(), since: at, workflowId: z.string() }))
    .describe(
      'services that it, or a loan of it, has waited for at least 5 s; one of them may be diverted',
    ),
  blockers: z.array(z.object({ kind: z.string(), id: z.string(), waivable: z.boolean() })),
  allowedActions: z.array(z.enum(Object.keys(actions) as [ActionName, ...ActionName[]])),
  cycle: z.int(),
  outcome: z.string().nullable(),
  openedAt: at,
  closedAt: at.nullable(),
  links: z.looseObject({ self: z.string(), timeline: z.string(), temporalUi: z.string() }),
});

export const boardShape = z.looseObject({
  caseNumber: z.string(),
  flow: z.string(),
  status: z.enum(statuses),
  stage: z.string(),
  severity: z.enum(severities),
  alertLevel: z.int().min(0).max(3),
  customerNumber: z.string().nullable(),
  serialNumber: z.string().nullable(),
  assignee: z.string().nullable(),
  nextDueAt: at.nullable().describe('of any running clock or open task'),
  overdue: z.boolean(),
  waitingOn: z.object({ what: z.string(), who: z.string(), since: at }).nullable(),
});

export const importShape = z.looseObject({
  dryRun: z.boolean().optional(),
  importNumber: z.string().optional().describe('not in a dry run'),
  kind: z.string(),
  fileHash: z.string().describe('SHA-256 of the file'),
  rows: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
});

export const eventShape = z.looseObject({
  seq: z.int(),
  kind: z.string().describe('what'),
  actor: z.object({ id: z.string(), role: z.string() }).describe('who'),
  at: at.describe('when'),
  reason: z.string().nullable().describe('why'),
  subject: z.string().nullable(),
  runId: z.string().nullable(),
  updateId: z.string().nullable(),
  eventId: z.int().nullable(),
});

export const flowShape = z.object({
  name: z.string(),
  title,
  stages: z.array(z.object({ name: z.string(), title })),
  chart: z.string().describe('the stages as a Mermaid flowchart'),
  inputSchema: jsonSchema,
  tasks: z.array(
    z.object({ name: z.string(), title, role, stage: z.string(), answerSchema: jsonSchema }),
  ),
});

const problemShape = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(codes) as [Code, ...Code[]]),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** Problem answers of a route by status. */
export function problemsOf(...statuses: number[]) {
  const content = { 'application/problem+json': { schema: problemShape } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: 'a problem', content }]),
  );
}
