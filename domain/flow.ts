import type { Role } from './case.ts';
import type { TaskName } from './contracts.ts';

export interface Title {
  en: string;
  zh: string;
}

/** A flow as people read it: its stages in order, and the tasks that may stand open in each. */
export interface FlowShape {
  readonly name: string;
  readonly title: Title;
  readonly stages: readonly {
    readonly name: string;
    readonly title: Title;
    readonly tasks: readonly TaskName[];
  }[];
}

/** Which role answers a task: roles admit, assignees inform (api.md). */
export const taskRoles: Record<TaskName, Role> = {
  reportPhoneTriage: 'engineer',
  reportGuidedReplacement: 'engineer',
  approveLoan: 'partsKeeper',
  receiveShortage: 'partsKeeper',
  issueParts: 'partsKeeper',
  decideRejectedLoan: 'supervisor',
  confirmVisit: 'hotline',
  confirmDeparture: 'engineer',
  recordSiteFacts: 'engineer',
  confirmSafety: 'engineer',
  reportDiagnosis: 'engineer',
  adviseDiagnosis: 'support',
  decideCoverage: 'supervisor',
  adviseReplacement: 'support',
  reportRepair: 'engineer',
  planEscalation: 'support',
  reportMachineCheck: 'engineer',
  writeServiceRecord: 'engineer',
  fileWarrantyClaim: 'engineer',
  signServiceRecord: 'engineer',
  decideRefusedSignature: 'supervisor',
  reportReturn: 'partsKeeper',
  receiveOldParts: 'partsKeeper',
  recordCallback: 'hotline',
  planFurtherService: 'engineer',
  decideFurtherService: 'supervisor',
  resolveFailure: 'supervisor',
};

/** Tasks that the kernel may put before a person in any flow and at any stage. */
export const kernelTasks: readonly TaskName[] = ['resolveFailure'];
