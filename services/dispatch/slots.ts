import { IANAZone } from 'luxon';

/** Weekly hours by the wall clock; weekday 1 is Monday, `opens` and `closes` are `HH:MM`. */
export interface Shift {
  weekday: number;
  opens: string;
  closes: string;
}

/** ISO 8601 UTC. */
export interface Span {
  start: string;
  end: string;
}

export interface SlotRequest {
  shifts: Shift[];
  /** IANA zone of the shifts. */
  timeZone: string;
  /** What is booked already, in any order. */
  busy: Span[];
  /** No slot before. */
  from: string;
  durationMinutes: number;
}

const quarterMs = 15 * 60_000;
const dayMs = 86_400_000;
const horizonDays = 800;
const roundUp = (ms: number): number => Math.ceil(ms / quarterMs) * quarterMs;

/** The first free interval inside the calendar, starting on a quarter of an hour; undefined when there is none in two years.
 *  A visit longer than any shift starts with one. */
export function firstFreeSlot(request: SlotRequest): Span | undefined {
  const busy = request.busy.map(({ start, end }) => [Date.parse(start), Date.parse(end)] as const);
  const durationMs = request.durationMinutes * 60_000;
  const from = roundUp(Date.parse(request.from));
  const zone = IANAZone.create(request.timeZone);
  const today = Math.floor((from + offsetMs(zone, from)) / dayMs);
  for (let day = today; day < today + horizonDays; day++) {
    for (const [opens, closes] of hoursOf(request.shifts, day, zone)) {
      const latest = Math.max(closes - durationMs, opens);
      const start = firstGap(busy, Math.max(opens, from), durationMs);
      if (start <= latest) return { start: iso(start), end: iso(start + durationMs) };
    }
  }
  return undefined;
}

const offsetMs = (zone: IANAZone, at: number): number => zone.offset(at) * 60_000;

/** The hours of a local day, counted from 1970-01-01, a Thursday. The offset is that at noon: clocks change at night. */
function hoursOf(shifts: Shift[], day: number, zone: IANAZone): [opens: number, closes: number][] {
  const weekday = ((day + 3) % 7) + 1;
  const midnight = day * dayMs - offsetMs(zone, day * dayMs + dayMs / 2);
  const at = (time: string) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return midnight + (hour * 60 + minute) * 60_000;
  };
  return shifts
    .filter((shift) => shift.weekday === weekday)
    .map((shift): [number, number] => [at(shift.opens), at(shift.closes)])
    .sort(([a], [b]) => a - b);
}

function firstGap(busy: (readonly [number, number])[], from: number, durationMs: number): number {
  const inTheWay = busy.find(([start, end]) => start < from + durationMs && end > from);
  return inTheWay ? firstGap(busy, roundUp(inTheWay[1]), durationMs) : from;
}

const iso = (ms: number): string => new Date(ms).toISOString();
