/** A small flow in the build that stands: two waits, and a step between. */
import { condition, defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow';

/** Lets an errand go on to its next wait; answers which build it runs on. */
export const goOn = defineUpdate<string>('goOn');

export const errand = (): Promise<string[]> => run(async () => undefined);

/** `added`: what a newer build does in the middle. */
export async function run(added: (steps: string[]) => Promise<void>): Promise<string[]> {
  const steps: string[] = [];
  let told = 0;
  setHandler(goOn, () => {
    told += 1;
    return workflowInfo().currentDeploymentVersion?.buildId ?? 'none';
  });
  await condition(() => told > 0);
  await added(steps);
  steps.push('visit');
  await condition(() => told > 1);
  steps.push('sign');
  return steps;
}
