/** The flows that the door opens, with their schemas and examples (`GET /v1/flows`). */
import { z } from 'zod';
import type { OpenRequest } from './contracts.ts';
import { type FlowShape, kernelTasks } from './flow.ts';
import { openDefectReport } from './flows/defect-report/contracts.ts';
import { openExamples as defectExamples } from './flows/defect-report/examples.ts';
import { defectReportFlow } from './flows/defect-report/stages.ts';
import { openEmergencyResponse } from './flows/emergency-response/contracts.ts';
import { openExamples as emergencyExamples } from './flows/emergency-response/examples.ts';
import { emergencyResponseFlow } from './flows/emergency-response/stages.ts';
import { openInWarrantyRepair } from './flows/in-warranty-repair/contracts.ts';
import { openExamples as inWarrantyExamples } from './flows/in-warranty-repair/examples.ts';
import { inWarrantyRepairFlow } from './flows/in-warranty-repair/stages.ts';
import { openOutOfWarrantyRepair } from './flows/out-of-warranty-repair/contracts.ts';
import { openExamples as outOfWarrantyExamples } from './flows/out-of-warranty-repair/examples.ts';
import { outOfWarrantyRepairFlow } from './flows/out-of-warranty-repair/stages.ts';
import { openScheduledInspection } from './flows/scheduled-inspection/contracts.ts';
import { openExamples as inspectionExamples } from './flows/scheduled-inspection/examples.ts';
import { scheduledInspectionFlow } from './flows/scheduled-inspection/stages.ts';
import { definitionOf, type TaskDefinition } from './tasks.ts';

export type JsonSchema = Record<string, unknown>;

export interface FlowDefinition extends FlowShape {
  input: z.ZodObject;
  examples: OpenRequest[];
}

export const flows: FlowDefinition[] = [
  { ...inWarrantyRepairFlow, input: openInWarrantyRepair, examples: inWarrantyExamples },
  { ...outOfWarrantyRepairFlow, input: openOutOfWarrantyRepair, examples: outOfWarrantyExamples },
  { ...scheduledInspectionFlow, input: openScheduledInspection, examples: inspectionExamples },
  { ...emergencyResponseFlow, input: openEmergencyResponse, examples: emergencyExamples },
  { ...defectReportFlow, input: openDefectReport, examples: defectExamples },
];

export function flowDefinition(name: string): FlowDefinition | undefined {
  return flows.find((flow) => flow.name === name);
}

/** The tasks of a flow with the stage each stands in, in order; null: at any stage. */
export function tasksOf(flow: FlowShape): (TaskDefinition & { stage: string | null })[] {
  const staged = flow.stages.flatMap((stage) =>
    stage.tasks.map((name) => ({ name, stage: stage.name })),
  );
  const anywhere = kernelTasks.map((name) => ({ name, stage: null }));
  return [...staged, ...anywhere].map(({ name, stage }) => ({ ...definitionOf(name), stage }));
}

/** JSON Schema of what opens this flow, its first example leading down the longest documented path. */
export function inputSchema(flow: FlowDefinition): JsonSchema {
  return { ...z.toJSONSchema(flow.input, { io: 'input' }), examples: flow.examples };
}

/** JSON Schema of a task's answer; with the context of an open task its example fits that case at this moment. */
export function answerSchema(task: TaskDefinition, context: object = {}): JsonSchema {
  return { ...z.toJSONSchema(task.answer, { io: 'input' }), examples: [task.example(context)] };
}
