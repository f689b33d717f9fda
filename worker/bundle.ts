import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const workflows = join(import.meta.dirname, '../workflows');
const checking = {
  resource: join(workflows, 'validators.ts'),
  loader: join(import.meta.dirname, 'validators.ts'),
  enforce: 'post' as const, // as it is, not compiled again
};

/** Bundles every flow for the workers. Takes seconds: done once per process, and once per test run. */
export function bundleWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: join(workflows, 'index.ts'),
    workflowInterceptorModules: [join(workflows, 'interceptors.ts')],
    webpackConfigHook: ({ module, ...config }) => ({
      ...config,
      module: { ...module, rules: [...(module?.rules ?? []), checking] },
    }),
    logger: new DefaultLogger('WARN'),
  });
}
