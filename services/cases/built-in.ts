import type { CasesEffects } from './index.ts';
import { type LinkedDeps, openLinkedCase } from './linked.ts';
import { startAgain } from './open-case.ts';
import type { WorkflowEnds } from './starter.ts';

/** Cases that cases open, through our own front door. */
export const createCases = (deps: LinkedDeps & { starter: WorkflowEnds }): CasesEffects => ({
  openLinkedCase: (request) => openLinkedCase(deps, request),
  startCycle: ({ caseNumber }) => startAgain(deps, caseNumber),
  endOf: ({ workflowId }) => deps.starter.endOf(workflowId),
});
