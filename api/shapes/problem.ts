/** How a refusal is written (RFC 9457). */
import { z } from 'zod';
import { statuses } from '../../domain/case.ts';
import { scheduleStatuses } from '../../domain/schedule.ts';
import { inboundStatuses } from '../../services/inbound/index.ts';
import { allCodes } from '../problem-catalogue.ts';
import { blockerShape } from './case.ts';
import { count } from './common.ts';
import { readinessShape } from './health.ts';
import { messageShape } from './messages.ts';

export const fieldErrorShape = z
  .object({
    pointer: z
      .string()
      .describe('a JSON pointer into the body, or `/name` of a query parameter or header'),
    detail: z.string(),
    row: z.int().nullable().exactOptional().describe('of a file, as a spreadsheet counts'),
    column: z.string().nullable().exactOptional().describe('of a file'),
  })
  .meta({ id: 'FieldError' });

/** What a problem may tell beside the members that all have. */
const moreShape = z.object({
  currentStatus: z.enum([...statuses, ...scheduleStatuses, ...inboundStatuses]),
  stage: z.string(),
  allowedActions: z.array(z.string()),
  blockers: z.array(blockerShape),
  caseNumber: z.string().nullable(),
  settled: messageShape.shape.settled,
  link: z.string().describe('the case that is open already'),
  links: z.object({ duplicateOf: z.string() }),
  evidence: z.array(z.string()),
  fits: z.string().describe('the flow that fits'),
  found: count.describe('how many errors a file has, of which `errors` lists the first'),
  checks: readinessShape,
});
export type ProblemMore = Partial<z.output<typeof moreShape>>;

export const problemShape = z
  .object({
    type: z.string().meta({ examples: ['/problems/invalidRequest'] }),
    title: z.string(),
    status: z.int(),
    code: z.enum(allCodes),
    detail: z.string().exactOptional(),
    instance: z.string().exactOptional(),
    errors: z.array(fieldErrorShape).exactOptional(),
    ...moreShape.partial().shape,
  })
  .meta({ id: 'Problem' });

const content = { 'application/problem+json': { schema: problemShape } };
/** What any call may be answered with, and any that has a body. */
const always = [400, 401, 405, 408, 429, 431, 503];
export const ofBodies = [413, 415, 422];

/** Problem answers by status, those of any call among them. Nothing to the types: routes throw problems, they never return them. */
export function problemsOf(...statuses: number[]): Record<never, never> {
  return Object.fromEntries(
    [...always, ...statuses].map((status) => [status, { description: 'a problem', content }]),
  );
}
