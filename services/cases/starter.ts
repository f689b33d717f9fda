/** Starts the workflow of a case on a Temporal server. */
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { ServiceFailure } from '../../db/failures.ts';
import type { OpenedCase } from '../../domain/plan.ts';

/** Starts a case's workflow, or finds it started. */
export interface CaseStarter {
  /** Answers the run id once the workflow is durable. Fails when the engine does not answer in time; harmless when repeated. */
  start(opened: OpenedCase): Promise<{ runId: string }>;
}

/** Knows how workflows ended. */
export interface WorkflowEnds {
  /** The result of a workflow, or null when it was ended in the engine. Fails `Unavailable` while it runs. */
  endOf(workflowId: string): Promise<unknown>;
}

export interface StarterOptions {
  /** The task queue of the workflows. */
  taskQueue: string;
  /** Milliseconds the engine may take; 5,000 when undefined. */
  deadlineMs?: number;
}

/** The workflow id is the case number; a second start finds the first one (A1, D5). */
export function createCaseStarter(
  client: Client,
  options: StarterOptions,
): CaseStarter & WorkflowEnds {
  return {
    endOf: (workflowId) => client.withDeadline(Date.now() + 5_000, () => endOf(client, workflowId)),
    async start(opened) {
      const handle = await client.withDeadline(Date.now() + (options.deadlineMs ?? 5_000), () =>
        client.workflow.start(opened.flow, {
          args: [opened],
          workflowId: opened.caseNumber,
          taskQueue: options.taskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: summaryOf(opened),
          staticDetails: detailsOf(opened),
          typedSearchAttributes: attributesOf(opened),
          memo: memoOf(opened),
        }),
      );
      return { runId: handle.firstExecutionRunId };
    },
  };
}

async function endOf(client: Client, workflowId: string): Promise<unknown> {
  const handle = client.workflow.getHandle(workflowId);
  const { status } = await handle.describe();
  if (status.name === 'RUNNING') throw new ServiceFailure('Unavailable', `${workflowId} runs`);
  return status.name === 'COMPLETED' ? handle.result() : null;
}

const summaryOf = ({ caseNumber, flow, plan }: OpenedCase) => {
  const about = [plan.serialNumber ?? plan.productModel ?? plan.customerNumber, plan.faultCode];
  return `${caseNumber} ${flow}: ${about.filter(Boolean).join(' ')}, ${plan.severity}`;
};

/** Markdown for the engine's page of the case: what was asked, what is owed and why. Numbers and codes only (D9). */
function detailsOf({ plan, openedBy, openedAt }: OpenedCase): string {
  const { serialNumber, productModel, entitlement, source } = plan;
  const rows: [string, string | null][] = [
    ['Customer', plan.customerNumber],
    ['Asset', serialNumber && `${serialNumber} (${productModel})`],
    ['Model', serialNumber ? null : productModel],
    ['Fault', plan.faultCode],
    ['Severity', plan.severity],
    ['Opened', `${openedAt} by ${openedBy.id} (${openedBy.role}), ${plan.channel}`],
    ['Comes from', source && [source.kind, source.caseNumber].filter(Boolean).join(' ')],
    ['Flow chosen by', plan.routing.because.join('; ')],
    ['Entitlement', entitlement && `${entitlement.verdict}: ${entitlement.evidence.join('; ')}`],
    ['Policy', `${plan.policy.name} version ${plan.policy.version}`],
    ['Drill', plan.drill ? 'nobody is told anything' : null],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`| ${name} | ${value} |`] : []));
  return ['| | |', '|---|---|', ...lines].join('\n');
}

const keyword = (name: string, value: string | null): SearchAttributePair[] =>
  value === null ? [] : [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }];

function attributesOf({ flow, plan }: OpenedCase): SearchAttributePair[] {
  return [
    ...keyword('AfterloopFlow', flow),
    ...keyword('AfterloopStatus', 'new'),
    ...keyword('AfterloopStage', 'opening'),
    ...keyword('AfterloopSeverity', plan.severity),
    ...keyword('AfterloopCustomer', plan.customerNumber),
    ...keyword('AfterloopAsset', plan.serialNumber),
    ...keyword('AfterloopTerritory', plan.territory),
    { key: defineSearchAttributeKey('AfterloopAlertLevel', 'INT'), value: 0 },
  ];
}

const memoOf = ({ flow, cycle, plan }: OpenedCase) => ({
  flow,
  cycle,
  entitlement: plan.entitlement?.verdict ?? null,
  faultCode: plan.faultCode,
  policy: `${plan.policy.name} version ${plan.policy.version}`,
});
