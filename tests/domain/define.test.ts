/** What must not compile: a flow that names what is not there, a task and its contract that don't go together. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const head = `import { z } from 'zod';
import { defineAnswer, defineFlow, defineTasks, type OutcomeOf, type StagesOf } from '${root}/domain/flows/define.ts';
import type { Answer, FlowName } from '${root}/domain/flows/tasks.ts';
const title = { en: 'Tea', zh: '茶' };
const answers = {
  boilWater: defineAnswer(z.strictObject({ boiled: z.boolean() })).example(() => ({ boiled: true })),
  pourTea: defineAnswer(z.strictObject({ cups: z.int() })).example<{ guests: number }>(
    ({ guests = 1 }) => ({ cups: guests }),
  ),
};
const tasks = defineTasks<typeof answers>({
  boilWater: { role: 'engineer', title },
  pourTea: { role: 'engineer', title, check: ({ cups }, { guests }) => cups < guests ? [] : [] },
});
const flow = { name: 'tea', title, tasks, outcomes: ['drunk'] } as const;
const answered: Answer<'approveLoan'>['approved'] = true;
export { answered, flow, tasks, defineFlow, z };
export type { FlowName, OutcomeOf, StagesOf };
`;

const accepted: [what: string, code: string][] = [
  [
    'a flow whose stages name its own tasks and stages',
    `const tea = defineFlow({ ...flow, stages: [
      { name: 'boiling', title, tasks: ['boilWater'], leadsTo: ['pouring', 'boiling'] },
      { name: 'pouring', title, tasks: ['pourTea'] },
    ] });
    export const stage: StagesOf<typeof tea> = 'boiling';
    export const outcome: OutcomeOf<typeof tea> = 'drunk';`,
  ],
  [
    'that every flow, and every child of a case, has a workflow of its name',
    `import type * as workflows from '${root}/workflows/index.ts';
    import type * as children from '${root}/domain/flows/children.ts';
    type Listed = Record<FlowName | keyof typeof children, (opened: never) => Promise<unknown>>;
    export const all = (every: typeof workflows): Listed => every;`,
  ],
];
const refused: [what: string, code: string][] = [
  [
    'a stage that names an unknown task',
    `defineFlow({ ...flow, stages: [{ name: 'boiling', title, tasks: ['boilMilk'] }] });`,
  ],
  [
    'a stage that leads to one that is not there',
    `defineFlow({ ...flow, stages: [{ name: 'boiling', title, tasks: [], leadsTo: ['away'] }] });`,
  ],
  [
    'a task without a contract',
    `defineTasks<typeof answers>({ ...tasks, washUp: { role: 'engineer', title } });`,
  ],
  [
    'a contract without a task',
    `defineTasks<typeof answers>({ boilWater: { role: 'engineer', title } });`,
  ],
  [
    'a role that nobody has',
    `defineTasks<typeof answers>({ ...tasks, boilWater: { role: 'cook', title } });`,
  ],
  [
    'a check of a field that the answer lacks',
    `defineTasks<typeof answers>({ ...tasks, boilWater: { role: 'engineer', title, check: ({ hot }) => hot ? [] : [] } });`,
  ],
  [
    'an example that does not have its shape',
    `defineAnswer(z.strictObject({ cups: z.int() })).example(() => ({ cups: 'two' }));`,
  ],
  [
    'an outcome that a flow does not have',
    `const tea = defineFlow({ ...flow, stages: [] });
    export const outcome: OutcomeOf<typeof tea> = 'spilt';`,
  ],
  ['an answer of a task that is not there', `export type Spilt = Answer<'spillTea'>;`],
  [
    'a list of flows that leaves one out',
    `export const list: Record<FlowName, string> = { defectReport: '' };`,
  ],
];

let folder = '';
let found = '';
/** One run of the compiler over a file for each. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterloop-types-'));
  const all = [...accepted, ...refused];
  for (const [index, [, code]] of all.entries())
    writeFileSync(join(folder, `${index}.ts`), head + code);
  const compilerOptions = { types: [] };
  const settings = { extends: join(root, 'tsconfig.json'), include: ['*.ts'], compilerOptions };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  // the packages of the product themselves: zod from a second place would be another zod
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const run = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  found = run.stdout;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where the compiler found something wrong in a file: above its own code, or in it. */
const lines = head.split('\n').length;
const placesIn = (index: number) =>
  [...found.matchAll(new RegExp(`(?:^|/)${index}\\.ts\\((\\d+),`, 'gm'))].map(([, line]) =>
    Number(line) < lines ? 'above' : 'there',
  );

test.each(accepted)('%s compiles', (what) => {
  expect(placesIn(accepted.findIndex(([name]) => name === what))).toEqual([]);
});

test.each(refused)('%s does not compile', (what) => {
  const places = placesIn(accepted.length + refused.findIndex(([name]) => name === what));
  expect(new Set(places)).toEqual(new Set(['there']));
});

test('nothing else is wrong with what was compiled', () => {
  const elsewhere = found
    .split('\n')
    .filter((line) => /^\S.*error/.test(line) && !/(^|\/)\d+\.ts\(/.test(line));
  expect(elsewhere).toEqual([]);
});
