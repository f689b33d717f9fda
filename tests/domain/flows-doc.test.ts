import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flowsText } from '../../setup/flows-doc.ts';

test('docs/flows.md is what the flows say today: `npm run docs:flows` writes it anew', () => {
  const onFile = readFileSync(new URL('../../docs/flows.md', import.meta.url), 'utf8');
  expect(onFile).toBe(flowsText());
});
