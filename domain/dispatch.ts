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

/** What examples of a slot are built from, beside the case. */
export interface SlotContext {
  candidates: Candidate[];
  proposedAt: string;
  /** When the example is read, ISO 8601 UTC. */
  now?: string;
  /** Differs from case to case, and each time that one is asked again; 0 when left out. */
  place?: number;
}

const dayMs = 86_400_000;
const leadMs = 15 * 60_000;
const days = 14;

/** A proposed slot as an example asks for it: cases side by side ask for different engineers and days, at the proposed time of
 *  day, and never within a quarter of an hour. Undefined where nobody is proposed. */
export function exampleSlot({
  candidates = [],
  now,
  place = 0,
}: Partial<SlotContext>): Pick<Candidate, 'engineerNumber' | 'start' | 'end'> | undefined {
  const one = candidates[place % candidates.length];
  if (!one) return undefined;
  const { engineerNumber, start, end } = one;
  const nearest = now === undefined ? 0 : (Date.parse(now) + leadMs - Date.parse(start)) / dayMs;
  const wait = Math.max(Math.floor(place / candidates.length) % days, Math.ceil(nearest)) * dayMs;
  const later = (instant: string) => new Date(Date.parse(instant) + wait).toISOString();
  return { engineerNumber, start: later(start), end: later(end) };
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
