import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flowsText, withChart } from '../../setup/flows-doc.ts';

test('docs/flows.md is what the flows say today: `npm run docs:flows` writes it anew', () => {
  const onFile = readFileSync(new URL('../../docs/flows.md', import.meta.url), 'utf8');
  expect(onFile).toBe(flowsText());
});

test('so is the chart in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain('phoneTriage --> guidingReplacement');
  expect(readme).toBe(withChart(readme));
});
