import type { Candidate } from '../../domain/dispatch.ts';
import type { Engineer, RankRequest } from './index.ts';
import { firstFreeSlot, type Shift, type Span } from './slots.ts';

/** An engineer with everything that a ranking looks at. */
export interface Resource extends Engineer {
  timeZone: string;
  shifts: Shift[];
  /** Booked visits that end after the asked instant. */
  busy: Span[];
}

/** What a skill asks for: the certificate it may only be used with, or null. */
export interface RankQuestion extends RankRequest {
  certificate: string | null;
}

const dayMs = 86_400_000;

/** Who can go, best first: skill and valid certificate are musts; territory, own staff, an early slot and a light load count. */
export function rank(resources: Resource[], question: RankQuestion): Candidate[] {
  return resources
    .flatMap((resource) => candidate(resource, question) ?? [])
    .sort(
      (a, b) =>
        b.score - a.score || (a.start + a.engineerNumber < b.start + b.engineerNumber ? -1 : 1),
    )
    .slice(0, question.limit);
}

function candidate(resource: Resource, question: RankQuestion): Candidate | undefined {
  const { skill, territory, at, durationMinutes } = question;
  if (skill !== null && !resource.skills.includes(skill)) return undefined;
  const slot = firstFreeSlot({ ...resource, from: at, durationMinutes });
  if (!slot || !isCertified(resource, question.certificate, slot)) return undefined;
  const waitDays = (Date.parse(slot.start) - Date.parse(at)) / dayMs;
  const score =
    50 +
    (resource.territory === territory ? 25 : 0) +
    (resource.provider === null ? 10 : 0) +
    Math.max(0, 10 - waitDays * 2) +
    Math.max(0, 5 - resource.busy.length);
  const { engineerNumber, staffNumber } = resource;
  return {
    engineerNumber,
    staffNumber,
    score: Math.round(score),
    reasons: reasons(resource, question, slot),
    ...slot,
  };
}

/** Only who is certified at the day of the visit may do it. */
const isCertified = (resource: Resource, code: string | null, slot: Span): boolean =>
  code === null ||
  resource.certificates.some((one) => one.code === code && one.validUntil >= slot.end.slice(0, 10));

const reasons = (
  resource: Resource,
  { skill, certificate }: RankQuestion,
  slot: Span,
): string[] => [
  ...(skill === null ? [] : [`skill:${skill}`]),
  ...(certificate === null ? [] : [`certificate:${certificate}`]),
  `territory:${resource.territory}`,
  `provider:${resource.provider ?? 'own'}`,
  `load:${resource.busy.length}`,
  `freeAt:${slot.start}`,
];
