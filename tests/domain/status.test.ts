import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ActionName, actions } from '../../domain/action-contracts.ts';
import {
  type Blocker,
  type CaseStatus,
  type CaseView,
  roles,
  statuses,
} from '../../domain/case.ts';
import {
  actionRoles,
  allowedActions,
  type CaseMove,
  isEnded,
  isPossible,
  moveCase,
  standingBlockers,
} from '../../domain/status.ts';

const moves = [
  'triage',
  'reject',
  'contact',
  'hold',
  'resume',
  'resolve',
  'serveAgain',
  'close',
  'cancel',
] as const satisfies CaseMove[];

/** The state machine of the documents, written out once more: status, move, what it leads to. */
const documented = new Map<string, CaseStatus>([
  ['new triage', 'triaged'],
  ['new reject', 'rejected'],
  ['new cancel', 'canceled'],
  ['triaged contact', 'inProgress'],
  ['triaged reject', 'rejected'],
  ['triaged hold', 'onHold'],
  ['triaged cancel', 'canceled'],
  ['inProgress hold', 'onHold'],
  ['inProgress resolve', 'resolved'],
  ['inProgress cancel', 'canceled'],
  ['onHold resume', 'inProgress'],
  ['onHold cancel', 'canceled'],
  ['resolved serveAgain', 'inProgress'],
  ['resolved close', 'closed'],
]);

test.each(statuses)('from %s each move leads where the documents say, or nowhere', (status) => {
  for (const move of moves)
    expect(moveCase(status, move), move).toBe(documented.get(`${status} ${move}`));
});

test('closed, rejected and canceled are final', () => {
  expect(statuses.filter(isEnded)).toEqual(['closed', 'rejected', 'canceled']);
  for (const status of statuses.filter(isEnded))
    for (const move of moves) expect(moveCase(status, move)).toBeUndefined();
});

type Situation = Pick<
  CaseView,
  'status' | 'alertLevel' | 'alertAcknowledged' | 'blockers' | 'waivers'
>;
const loan: Blocker = { kind: 'openLoan', id: 'loan1', waivable: true };
const waiver = { id: 'loan1', reason: 'lost', actor: 'ST-05', at: '2026-01-01T00:00:00.000Z' };
const situation = (changes: Partial<Situation> = {}): Situation => ({
  status: 'inProgress',
  alertLevel: 0,
  alertAcknowledged: false,
  blockers: [],
  waivers: [],
  ...changes,
});
const takenAsSupervisor = (changes: Partial<Situation>) =>
  allowedActions('supervisor', situation(changes)).sort();

const always = ['escalate', 'note', 'reassign'];
test.each<[string, Partial<Situation>, string[]]>([
  ['triaged', { status: 'triaged' }, [...always, 'cancel', 'hold', 'reject']],
  ['in progress', {}, [...always, 'cancel', 'hold']],
  ['on hold', { status: 'onHold' }, [...always, 'cancel', 'resume']],
  ['resolved, nothing in the way', { status: 'resolved' }, [...always, 'close']],
  [
    'resolved over an open loan',
    { status: 'resolved', blockers: [loan] },
    [...always, 'extendLoan', 'waive', 'writeOffLoan'],
  ],
  [
    'resolved, the loan waived',
    { status: 'resolved', blockers: [loan], waivers: [waiver] },
    [...always, 'close', 'extendLoan', 'writeOffLoan'],
  ],
  ['alerted', { alertLevel: 2 }, [...always, 'acknowledge', 'cancel', 'hold']],
  [
    'alerted and acknowledged',
    { alertLevel: 2, alertAcknowledged: true },
    [...always, 'cancel', 'hold'],
  ],
  ['alerted to the top', { alertLevel: 3 }, ['acknowledge', 'cancel', 'hold', 'note', 'reassign']],
  ['closed', { status: 'closed' }, []],
  ['canceled', { status: 'canceled' }, []],
  [
    'canceled, an issued loan still out',
    { status: 'canceled', blockers: [loan] },
    ['extendLoan', 'writeOffLoan'],
  ],
])('a supervisor of a case that is %s may', (_, changes, expected) => {
  expect(takenAsSupervisor(changes)).toEqual([...expected].sort());
});

const anySituation: fc.Arbitrary<Situation> = fc.record({
  status: fc.constantFrom(...statuses),
  alertLevel: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
  alertAcknowledged: fc.boolean(),
  blockers: fc.subarray<Blocker>([
    loan,
    { kind: 'openCallback', id: 'callback', waivable: true },
    { kind: 'unsatisfied', id: 'rating', waivable: false },
  ]),
  waivers: fc.subarray([waiver, { ...waiver, id: 'callback' }]),
});

test('what a role may do is what it is admitted to and what is possible, no more and no less (N20)', () => {
  const names = Object.keys(actions) as ActionName[];
  fc.assert(
    fc.property(fc.constantFrom(...roles), anySituation, (role, now) => {
      const listed = new Set(allowedActions(role, now));
      for (const name of names)
        expect(listed.has(name)).toBe(actionRoles[name].includes(role) && isPossible(name, now));
    }),
  );
});

test('an auditor may do nothing, ever', () => {
  fc.assert(
    fc.property(anySituation, (now) => {
      expect(allowedActions('auditor', now)).toEqual([]);
    }),
  );
});

test('no case closes over a standing blocker, and none is canceled once it is resolved (N11)', () => {
  fc.assert(
    fc.property(anySituation, (now) => {
      if (isPossible('close', now)) expect(standingBlockers(now)).toEqual([]);
      if (['resolved', 'closed', 'canceled', 'rejected'].includes(now.status))
        expect(isPossible('cancel', now)).toBe(false);
    }),
  );
});

test('a random walk of moves never leaves a final status and never cancels what was resolved', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 40 }), (walk) => {
      let status: CaseStatus = 'new';
      for (const move of walk) {
        const to = moveCase(status, move);
        if (isEnded(status)) expect(to).toBeUndefined();
        if (status === 'resolved') expect(to).not.toBe('canceled');
        status = to ?? status;
      }
    }),
    { numRuns: 1_000 },
  );
});
