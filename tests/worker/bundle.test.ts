import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';

test('the bundle holds the flows and what Temporal needs, and nothing else', () => {
  const packages = packagesIn(readFileSync(inject('workflowBundle'), 'utf8'));
  expect(packages).toEqual([
    '@temporalio/common',
    '@temporalio/workflow',
    'long',
    'ms',
    'nexus-rpc',
  ]);
});

/** Names of the packages whose modules a bundle contains, from the paths in its source map and module ids. */
function packagesIn(code: string): string[] {
  const found = code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g);
  return [...new Set([...found].map(([, name]) => name ?? ''))].sort();
}
