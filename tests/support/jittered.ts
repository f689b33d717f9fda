/** In place of '@temporalio/workflow' in a bundle: every wait takes a random number of extra promise turns. */
import * as engine from '@temporalio/workflow/lib/index.js';

export * from '@temporalio/workflow/lib/index.js';

/** Replaced by the test in the code of the bundle. */
let state = Number('SEED OF THE JITTER');

/** From 0 to 20. */
function drawn(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % 21;
}

/** The wait, and a random number of turns after it. */
export async function jittered<T>(wait: Promise<T>): Promise<T> {
  try {
    return await wait;
  } finally {
    for (let left = drawn(); left > 0; left -= 1) await null;
  }
}

export const condition = (holds: () => boolean): Promise<void> => jittered(engine.condition(holds));

export const sleep: typeof engine.sleep = (ms, options) => jittered(engine.sleep(ms, options));

type Call = (...args: unknown[]) => Promise<unknown>;

/** An activity, and its `executeWithOptions`. */
const jitteredCall = (call: Call & { executeWithOptions?: Call }): Call =>
  Object.assign((...args: unknown[]) => jittered(call(...args)), {
    executeWithOptions: (...args: unknown[]) =>
      jittered(call.executeWithOptions?.(...args) ?? Promise.resolve()),
  });

const jitteredCalls = (calls: Record<string, Call>): Record<string, Call> =>
  new Proxy(calls, {
    get: (all, name) => {
      const call = Reflect.get(all, name);
      return typeof call === 'function' ? jitteredCall(call) : call;
    },
  });

export const proxyActivities = (options: engine.ActivityOptions): Record<string, Call> =>
  jitteredCalls(engine.proxyActivities(options));

export const proxyLocalActivities = (options: engine.LocalActivityOptions): Record<string, Call> =>
  jitteredCalls(engine.proxyLocalActivities(options));

export async function startChild(flow: string, options: engine.ChildWorkflowOptions) {
  const child = await jittered(engine.startChild(flow, options));
  return { ...child, result: () => jittered(child.result()) };
}

export function getExternalWorkflowHandle(workflowId: string) {
  const handle = engine.getExternalWorkflowHandle(workflowId);
  const signal: typeof handle.signal = (...args) => jittered(handle.signal(...args));
  return { ...handle, signal };
}
