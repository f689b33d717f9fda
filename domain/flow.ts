import type { Role } from './case.ts';
import type { TaskName } from './contracts.ts';
import * as defect from './flows/defect-report/stages.ts';
import * as emergency from './flows/emergency-response/stages.ts';
import * as outOfWarranty from './flows/out-of-warranty-repair/stages.ts';
import * as inspection from './flows/scheduled-inspection/stages.ts';
import * as shared from './flows/shared/tasks.ts';

export interface Title {
  en: string;
  zh: string;
}

/** A flow as people read it: its stages in order, and the tasks that may stand open in each. */
export interface FlowShape {
  readonly name: string;
  readonly title: Title;
  readonly stages: readonly FlowStage[];
}

export interface FlowStage {
  readonly name: string;
  readonly title: Title;
  readonly tasks: readonly TaskName[];
  /** The stages that may follow it; left out: the next in the list. */
  readonly leadsTo?: readonly string[];
}

/** Which role answers a task: roles admit, assignees inform. */
export const taskRoles: Record<TaskName, Role> = {
  ...shared.roles,
  ...emergency.roles,
  ...outOfWarranty.roles,
  ...defect.roles,
  ...inspection.roles,
};

/** Tasks that the kernel may put before a person in any flow and at any stage. */
export const kernelTasks: readonly TaskName[] = ['resolveFailure'];

/** What a task is called where people read it. */
export const taskTitles: Record<TaskName, Title> = {
  ...shared.titles,
  ...emergency.titles,
  ...outOfWarranty.titles,
  ...defect.titles,
  ...inspection.titles,
};
