import { type FieldError, when } from './problems.ts';

/** Who is on call, and how far up the ladder they stand: 1 is paged first. */
export interface OnCall {
  staffNumber: string;
  rung: number;
}

/** An engineer who could go, and when. Times are ISO 8601 UTC. */
export interface Candidate {
  engineerNumber: string;
  /** Staff number of the same person. */
  staffNumber: string;
  /** 0–100, higher is better. */
  score: number;
  /** Why: 'skill:hydraulics', 'territory:north', 'certificate:HV-1', 'provider:own'. */
  reasons: string[];
  /** The first free interval of the asked length inside the engineer's calendar. */
  start: string;
  end: string;
}

/** A visit lies after its proposal, ends after it starts, and is over within a day. */
function slotProblems(
  start: string | undefined,
  end: string | undefined,
  proposedAt: string,
): FieldError[] {
  if (start === undefined || end === undefined) return [];
  const [from, to] = [Date.parse(start), Date.parse(end)];
  return [
    ...when(from < Date.parse(proposedAt), '/start', 'lies in the past'),
    ...when(to <= from, '/end', 'must lie after start'),
    ...when(to - from > 86_400_000, '/end', 'a visit is over within a day'),
  ];
}

/** Who goes and when: a proposed engineer's own slot, or one that is given. */
export const proposedSlotProblems = (
  answer: { engineerNumber: string; start?: string | undefined; end?: string | undefined },
  context: { candidates: Candidate[]; proposedAt: string },
): FieldError[] => [
  ...when(
    (answer.start === undefined) !== (answer.end === undefined),
    '/end',
    'give both start and end, or neither',
  ),
  ...slotProblems(answer.start, answer.end, context.proposedAt),
  ...when(
    answer.start === undefined &&
      !context.candidates.some((one) => one.engineerNumber === answer.engineerNumber),
    '/engineerNumber',
    'not among the proposed engineers: give start and end',
  ),
];
