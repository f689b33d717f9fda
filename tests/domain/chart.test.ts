import { expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';
import { chartOf, transitionsOf } from '../../domain/chart.ts';

const flow = {
  name: 'tea',
  title: { en: 'Tea', zh: '茶' },
  tasks: {},
  outcomes: ['drunk'],
  stages: [
    { name: 'boiling', title: { en: 'Boiling', zh: '烧水' }, tasks: [] },
    {
      name: 'tasting',
      title: { en: 'Tasting', zh: '品尝' },
      tasks: [],
      leadsTo: ['boiling', 'pouring'],
    },
    { name: 'pouring', title: { en: 'Pouring', zh: '倒茶' }, tasks: [] },
  ],
};

test('a chart draws each stage, and an arrow for each way on', () => {
  expect(chartOf(flow)).toBe(`flowchart TD
  boiling["Boiling<br/>烧水"]
  tasting["Tasting<br/>品尝"]
  pouring["Pouring<br/>倒茶"]
  boiling --> tasting
  tasting --> boiling
  tasting --> pouring`);
});

test.each(flows)(
  '$name: every stage is led to from the first, and leads to stages that are there',
  (shape) => {
    const ways = transitionsOf(shape);
    const seen = new Set([shape.stages[0]?.name]);
    for (const name of seen) for (const next of ways[name ?? ''] ?? []) seen.add(next);
    expect(seen).toEqual(new Set(shape.stages.map(({ name }) => name)));
  },
);
