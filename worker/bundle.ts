import { join } from 'node:path';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const workflows = join(import.meta.dirname, '../workflows');
const checking = {
  resource: join(workflows, 'validators.ts'),
  loader: join(import.meta.dirname, 'validators.ts'),
  enforce: 'post' as const, // as it is, not compiled again
};

/** How a bundle differs from the product's. */
interface OtherBundle {
  /** The module whose exports are its workflows. */
  workflowsPath?: string;
  /** Modules in place of others, by the names that those are imported by. */
  inPlaceOf?: Record<string, string>;
}

/** Bundles every flow for the workers. Takes seconds: done once per process, and once per test run. */
export function bundleWorkflows({
  workflowsPath = join(workflows, 'index.ts'),
  inPlaceOf = {},
}: OtherBundle = {}): Promise<{ code: string }> {
  const webpackConfigHook: BundleOptions['webpackConfigHook'] = ({
    module,
    resolve,
    ...config
  }) => ({
    ...config,
    module: { ...module, rules: [...(module?.rules ?? []), checking] },
    resolve: { ...resolve, alias: { ...resolve?.alias, ...inPlaceOf } },
  });
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(workflows, 'interceptors.ts')],
    webpackConfigHook,
    logger: new DefaultLogger('WARN'),
  });
}
