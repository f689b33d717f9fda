import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';

/** Starts a server whose clock skips ahead while a workflow's result is awaited. Its time is global: one test at a time.
 *  Awaiting an update skips nothing; schedules and lists don't exist there. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const { path, problem } = inject('testServer');
  if (problem) throw new Error(problem);
  return TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
}
