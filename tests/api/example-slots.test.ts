/** First examples of visits: cases that are walked side by side must not fight for one slot of one engineer. */
import { expect, test } from 'vitest';
import { taskPage } from '../../api/case-page.ts';
import { problems } from '../../domain/flows/tasks.ts';
import type { WorklistTask } from '../../services/cases/index.ts';

const proposedAt = '2026-11-25T01:00:00.000Z';
const candidates = ['EN-01', 'EN-02', 'EN-04', 'EN-06', 'EN-08'].map((engineerNumber, n) => ({
  engineerNumber,
  staffNumber: `ST-1${n}`,
  score: 90 - n,
  reasons: [],
  start: '2026-11-25T01:15:00.000Z',
  end: '2026-11-25T03:15:00.000Z',
}));
const context = { candidates, proposedAt };
const task = (caseNumber: string, id: string): WorklistTask => ({
  id,
  name: id.startsWith('planRound') ? 'planRound' : 'confirmVisit',
  role: 'supervisor',
  assignee: null,
  openedAt: proposedAt,
  dueAt: null,
  stage: 'arrangingVisit',
  context,
  caseNumber,
  workflowId: caseNumber,
});
interface Slot {
  engineerNumber: string;
  start: string;
  end: string;
}
const example = (caseNumber: string, id = 'confirmVisit-1', now = proposedAt): Slot => {
  const { examples } = taskPage(task(caseNumber, id), now).answerSchema as { examples: [Slot] };
  const { engineerNumber, start, end } = examples[0];
  return { engineerNumber, start, end };
};
const placeOf = ({ engineerNumber, start }: Slot) => `${engineerNumber} ${start}`;

test.each(['confirmVisit-1', 'planRound-1'])(
  'fifty cases side by side are shown as many examples of %s',
  (id) => {
    const numbers = Array.from({ length: 50 }, (_, n) => `C-${String(400 + n).padStart(6, '0')}`);
    const shown = numbers.map((number) => example(number, id));
    expect(new Set(shown.map(placeOf)).size).toBe(50);
    for (const slot of shown) expect(Date.parse(slot.end) - Date.parse(slot.start)).toBe(7_200_000);
  },
);

test('the first case of all is shown the best engineer’s first slot', () => {
  expect(candidates[0]).toMatchObject(example('C-000001'));
});

test('a case that is asked again is shown another one each time, until it has seen them all', () => {
  const asked = Array.from({ length: 70 }, (_, n) => example('C-000007', `confirmVisit-${n + 1}`));
  expect(new Set(asked.map(placeOf)).size).toBe(70);
});

test.each([
  ['2026-11-25T01:00:00.000Z', '2026-11-25T01:15:00.000Z'],
  ['2026-11-25T01:00:01.000Z', '2026-11-26T01:15:00.000Z'],
  ['2026-11-29T09:00:00.000Z', '2026-11-30T01:15:00.000Z'],
])('read at %s it begins at %s: no sooner than in a quarter of an hour', (now, start) => {
  const slot = example('C-000001', 'confirmVisit-1', now);
  expect(slot.start).toBe(start);
  expect(problems('confirmVisit', { ...slot, customerAgreed: true }, { ...context, now })).toEqual(
    [],
  );
});
