/** What every workflow is guarded from, beside what its own code says. */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { applyJobs } from './kernel/turns.ts';

/** Nobody who asks (the Temporal UI does for its page) is answered along with a task in which a step of our own books is under way: the
 *  answer would end the task with that step in its history before the workflow has heard of it, and such a history need not replay
 *  (SDK 1.24). The server asks again once the task is over. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let steps = 0;
  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          steps += 1;
          const ended = next(input);
          const over = () => {
            steps -= 1;
          };
          ended.then(over, over);
          return ended;
        },
      },
    ],
    internals: [
      {
        activate: (input, next) => applyJobs(() => next(input)),
        concludeActivation(input, next) {
          const { commands } = next(input);
          return { commands: steps > 0 ? commands.filter((one) => !isAnswer(one)) : commands };
        },
      },
    ],
  };
};

/** A query that came alone, without a task, cuts none short. */
const isAnswer = ({ respondToQuery }: { respondToQuery?: { queryId?: string | null } | null }) =>
  respondToQuery != null && respondToQuery.queryId !== 'legacy_query';
