import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstFreeSlot, type Shift, type Span } from '../../services/dispatch/slots.ts';

const weekdays: Shift[] = [1, 2, 3, 4, 5].flatMap((weekday) => [
  { weekday, opens: '08:00', closes: '12:00' },
  { weekday, opens: '13:00', closes: '18:00' },
]);
const slot = (from: string, busy: Span[] = [], durationMinutes = 120, timeZone = 'Asia/Shanghai') =>
  firstFreeSlot({ shifts: weekdays, timeZone, busy, from, durationMinutes });

test.each([
  [
    'in the middle of a morning it starts at the next quarter',
    '2026-11-23T00:50:00Z',
    '2026-11-23T01:00:00.000Z',
  ],
  [
    'a visit that would run into lunch waits until after it',
    '2026-11-23T02:15:00Z',
    '2026-11-23T05:00:00.000Z',
  ],
  ['on a Friday evening it waits for Monday', '2026-11-27T10:00:00Z', '2026-11-30T00:00:00.000Z'],
])('%s', (_, from, start) => expect(slot(from)?.start).toBe(start));

test("hours are those of the engineer's own zone", () => {
  expect(slot('2026-11-23T00:00:00Z', [], 120, 'Asia/Bangkok')?.start).toBe(
    '2026-11-23T01:00:00.000Z',
  );
});

test('a shift keeps its wall-clock hours when the clocks change', () => {
  const zone = 'Europe/Berlin'; // 29 March 2026 is a Sunday
  expect(slot('2026-03-27T18:00:00Z', [], 60, zone)?.start).toBe('2026-03-30T06:00:00.000Z');
  expect(slot('2026-03-26T18:00:00Z', [], 60, zone)?.start).toBe('2026-03-27T07:00:00.000Z');
});

test('a visit longer than any shift starts with one', () => {
  expect(slot('2026-11-23T00:30:00Z', [], 600)?.start).toBe('2026-11-23T05:00:00.000Z');
});

test('nobody without hours can go', () => {
  expect(
    firstFreeSlot({
      shifts: [],
      timeZone: 'UTC',
      busy: [],
      from: '2026-11-23T00:00:00Z',
      durationMinutes: 60,
    }),
  ).toBeUndefined();
});

test('a slot never overlaps what is booked, and two hundred of them are found one after another', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 30, max: 300 }), { maxLength: 40 }), (durations) => {
      const busy: Span[] = [];
      for (const minutes of durations) {
        const found = slot('2026-11-23T00:00:00Z', busy, minutes);
        if (!found) throw new Error('no slot');
        for (const other of busy)
          expect(found.start >= other.end || found.end <= other.start).toBe(true);
        busy.push(found);
      }
    }),
    { numRuns: 30 },
  );
  const busy: Span[] = [];
  for (let n = 0; n < 200; n++)
    busy.push(slot('2026-11-23T00:00:00Z', busy) ?? { start: '', end: '' });
  expect(new Set(busy.map(({ start }) => start)).size).toBe(200);
});
