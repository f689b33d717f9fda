/** Starts the workflow of a case on a Temporal server. */
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { OpenedCase } from '../../domain/plan.ts';
import type { CaseStarter } from './index.ts';

export interface StarterOptions {
  /** The task queue of the workflows. */
  taskQueue: string;
  /** Milliseconds the engine may take; 5,000 when undefined. */
  deadlineMs?: number;
}

/** The workflow id is the case number; a second start finds the first one (D5). */
export function createCaseStarter(client: Client, options: StarterOptions): CaseStarter {
  return {
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

const summaryOf = ({ caseNumber, flow, plan }: OpenedCase) =>
  `${caseNumber} ${flow}: ${plan.serialNumber} ${plan.faultCode}, ${plan.severity}`;

/** Markdown for the engine's page of the case: what was asked, what is owed and why. Numbers and codes only (D9). */
function detailsOf({ plan, openedBy, openedAt }: OpenedCase): string {
  const rows = [
    ['Customer', plan.customerNumber],
    ['Asset', `${plan.serialNumber} (${plan.productModel})`],
    ['Fault', plan.faultCode],
    ['Severity', plan.severity],
    ['Opened', `${openedAt} by ${openedBy.id} (${openedBy.role}), ${plan.channel}`],
    ['Entitlement', `${plan.entitlement.verdict}: ${plan.entitlement.evidence.join('; ')}`],
    ['Policy', `${plan.policy.name} version ${plan.policy.version}`],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}

const keyword = (name: string, value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, 'KEYWORD'),
  value,
});

function attributesOf({ flow, plan }: OpenedCase): SearchAttributePair[] {
  return [
    keyword('AfterloopFlow', flow),
    keyword('AfterloopStatus', 'new'),
    keyword('AfterloopStage', 'opening'),
    keyword('AfterloopSeverity', plan.severity),
    keyword('AfterloopCustomer', plan.customerNumber),
    keyword('AfterloopAsset', plan.serialNumber),
    keyword('AfterloopTerritory', plan.territory),
    { key: defineSearchAttributeKey('AfterloopAlertLevel', 'INT'), value: 0 },
  ];
}

const memoOf = ({ flow, cycle, plan }: OpenedCase) => ({
  flow,
  cycle,
  entitlement: plan.entitlement.verdict,
  faultCode: plan.faultCode,
  policy: `${plan.policy.name} version ${plan.policy.version}`,
});
