/** The product's workflows with a random number of extra promise turns at every wait (`tests/support/jittered.ts`). */
import { join } from 'node:path';
import { bundleWorkflows } from '../../../worker/bundle.ts';
import { quietSdk } from '../world.ts';
import { recorded } from './recordings.ts';
import { brokenReplays } from './replay.ts';

/** Code of the bundle, its seed still open. Takes seconds: made once for all seeds. */
export async function jitteredBundle(): Promise<string> {
  const support = join(import.meta.dirname, '..');
  const { code } = await bundleWorkflows({
    inPlaceOf: {
      '@temporalio/workflow$': join(support, 'jittered.ts'),
      './turns.ts$': join(support, 'jittered-turns.ts'),
    },
  });
  return code;
}

/** A code with another text in place of one that must be there. */
export function replaced(code: string, text: string, other: string): string {
  if (!code.includes(text)) throw new Error(`not in the code: ${text}`);
  return code.replaceAll(text, other);
}

/** Recorded histories in which the build does something else under the seed, with the error. */
export async function brokenUnder(seed: number, bundle: string): Promise<string[]> {
  quietSdk();
  const code = replaced(bundle, 'SEED OF THE JITTER', String(seed));
  const broken = await brokenReplays(recorded(), { code });
  return broken.map((one) => `seed ${seed}, ${one}`);
}
