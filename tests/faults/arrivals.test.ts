import { expect, test } from 'vitest';
import { type Asked, arrivalLines, judgeArrivals } from '../support/faults/arrivals.ts';
import type { Arrival } from '../support/rude-sinks.ts';

const asked: Asked[] = [1, 2, 3].map((place) => ({
  way: place === 2 ? 'mail' : 'sms',
  line: 'messages of C-000001',
  place,
  key: `key ${place}`,
  status: 'sent',
  attempts: 2,
}));
const arrival = (place: number, more: Partial<Arrival> = {}): Arrival => ({
  way: place === 2 ? 'mail' : 'sms',
  key: `key ${place}`,
  content: `message ${place}`,
  proven: true,
  taken: true,
  ...more,
});
const details = (arrivals: Arrival[], of = asked) =>
  judgeArrivals(of, arrivals).map(({ subject, detail }) => `${subject}: ${detail}`);
const all = [arrival(1), arrival(2), arrival(3)];

test('each message once, in order, is right; so is one that was refused, or taken, before', () => {
  expect(details(all)).toEqual([]);
  expect(details([arrival(1, { taken: false }), ...all, arrival(3)])).toEqual([]);
  expect(arrivalLines([arrival(1, { taken: false }), ...all, arrival(3)])).toEqual([
    'arrived by mail: 1, 0 of them repetitions; 1 taken, 0 of them repetitions',
    'arrived by sms: 4, 2 of them repetitions; 3 taken, 1 of them repetitions',
  ]);
});

test.each<[string, Arrival[], string[]]>([
  ['is taken away', [arrival(1), arrival(3)], ['mail key 2: sent, and not taken']],
  [
    'was never taken',
    [arrival(1), arrival(2, { taken: false }), arrival(3)],
    ['mail key 2: sent, and not taken'],
  ],
  ['is doubled without a key', [...all, arrival(3, { key: null })], ['sms: without a key']],
  [
    'is doubled under another key',
    [...all, arrival(3, { key: 'key 4' })],
    ['sms key 4: nobody asked for it'],
  ],
  [
    'comes more often than it was sent',
    [...all, arrival(3), arrival(3)],
    ['sms key 3: arrived 3 times in 2 attempts'],
  ],
  [
    'comes too early',
    [arrival(2), arrival(1), arrival(3)],
    ['mail key 2: before an earlier one of the messages of C-000001'],
  ],
  [
    'comes before the one before it is taken',
    [arrival(1, { taken: false }), arrival(2), arrival(1), arrival(3)],
    ['mail key 2: before an earlier one of the messages of C-000001'],
  ],
  [
    'says something else when it is repeated',
    [...all, arrival(3, { content: 'else' })],
    ['sms key 3: changed its content'],
  ],
  [
    'proves nothing',
    [arrival(1, { proven: false }), arrival(2), arrival(3)],
    ['sms key 1: signature, token or sender is wrong'],
  ],
])('it is seen when a message %s', (_what, arrivals, found) => {
  expect(details(arrivals)).toEqual(found);
});

test('it is seen when a message waits, stays, was given up though it was taken, or was never meant to leave', () => {
  const last = (status: string) => asked.map((one) => (one.place === 3 ? { ...one, status } : one));
  expect(details(all.slice(0, 2), last('pending'))).toEqual(['sms key 3: pending']);
  expect(details(all.slice(0, 2), last('kept'))).toEqual(['sms key 3: kept']);
  expect(details(all.slice(0, 2), last('failed'))).toEqual([]);
  expect(details(all, last('failed'))).toEqual(['sms key 3: failed, and taken']);
  expect(details(all.slice(0, 2), last('missing'))).toEqual(['sms key 3: missing']);
});
