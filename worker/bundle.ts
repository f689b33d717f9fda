import { join } from 'node:path';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const workflows = join(import.meta.dirname, '../workflows');
const checking = {
  resource: join(workflows, 'validators.ts'),
  loader: join(import.meta.dirname, 'validators.ts'),
  enforce: 'post' as const, // as it is, not compiled again
};

/** Frames of a stack in workflow code. The SDK takes a stack for each promise that is made there; with ten frames, as by default, that is the
 *  largest part of a worker's CPU. Three say where an error came from. */
const stackFrames = 3;

/** How a bundle differs from the product's. */
interface OtherBundle {
  /** The module whose exports are its workflows. */
  workflowsPath?: string;
  /** Modules in place of others, by the names that those are imported by. */
  inPlaceOf?: Record<string, string>;
}

/** Bundles every flow for the workers. Takes seconds: done once per process, and once per test run. */
export async function bundleWorkflows({
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
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [join(workflows, 'interceptors.ts')],
    webpackConfigHook,
    logger: new DefaultLogger('WARN'),
  });
  // on the first line: the lines of the source map stay; later the global objects are frozen
  return { code: `Error.stackTraceLimit = ${stackFrames};${code}` };
}
