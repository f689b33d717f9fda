import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

/** Bundles every flow for the workers. Takes seconds: done once per process, and once per test run. */
export function bundleWorkflows(logger?: Logger): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: `${import.meta.dirname}/../workflows/index.ts`,
    ...(logger && { logger }),
  });
}
