import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flows } from '../../domain/catalogue.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test.each(flows)('the README names the stages of $name, in order', ({ name, title, stages }) => {
  const [, section = ''] = readme.split(`### \`${name}\``);
  expect(section.slice(0, 100)).toContain(title.zh);
  const line = stages.map((stage) => `\`${stage.name}\``).join(' → ');
  expect(section.split('\n')).toContain(line);
});
