import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles every flow for the workers. Takes seconds: done once per process, and once per test run. */
export function bundleWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: `${import.meta.dirname}/../workflows/index.ts`,
    workflowInterceptorModules: [`${import.meta.dirname}/../workflows/kernel/interceptors.ts`],
    logger: new DefaultLogger('WARN'),
  });
}
