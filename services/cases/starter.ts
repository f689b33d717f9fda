/** Starts the workflow of a case on a Temporal server. */
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { ServiceFailure } from '../../db/failures.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { opened as openedUpdate, searchAttributes } from '../../workflows/wire.ts';

/** Starts a case's workflow, or finds it started. */
export interface CaseStarter {
  /** Returns once the workflow is durable. Fails when the engine does not answer in time; harmless when repeated. */
  start(opened: OpenedCase): Promise<void>;
}

/** Starts a case's workflow for somebody who waits to see its first tasks. */
export interface CaseOpener {
  /** Returns once the first row is readable; after `patienceMs` without a worker, once the workflow is durable. Fails and repeats
   *  as `start` does. */
  open(opened: OpenedCase): Promise<void>;
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
  /** Milliseconds that `open` waits for a worker; 2,000 when undefined. */
  patienceMs?: number;
}

/** The workflow id is the case number; a second start finds the first one (A1, D5). */
export function createCaseStarter(
  client: Client,
  options: StarterOptions,
): CaseStarter & CaseOpener & WorkflowEnds {
  const { deadlineMs = 5_000, patienceMs = 2_000 } = options;
  const start = (opened: OpenedCase) =>
    client.withDeadline(Date.now() + deadlineMs, async () => {
      await client.workflow.start(opened.flow, startOf(opened, options));
    });
  return {
    endOf: (workflowId) => client.withDeadline(Date.now() + 5_000, () => endOf(client, workflowId)),
    start,
    async open(opened) {
      try {
        await client.withDeadline(Date.now() + patienceMs, () => openNow(client, options, opened));
      } catch {
        await start(opened); // nobody at work, or a lost step: the workflow is made certain
      }
    },
  };
}

/** Starts it and waits for its first row, in one call. All who open the same case wait for the same update. */
async function openNow(client: Client, options: StarterOptions, opened: OpenedCase) {
  await client.workflow.executeUpdateWithStart(openedUpdate, {
    startWorkflowOperation: new WithStartWorkflowOperation(opened.flow, startOf(opened, options)),
    updateId: `opened/${opened.cycle}`,
  });
}

const startOf = (opened: OpenedCase, { taskQueue }: StarterOptions) => ({
  args: [opened],
  workflowId: opened.caseNumber,
  taskQueue,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  staticSummary: summaryOf(opened),
  staticDetails: detailsOf(opened),
  typedSearchAttributes: attributesOf(opened),
  memo: memoOf(opened),
});

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

const pairOf = (
  key: (typeof searchAttributes)['asset'],
  value: string | null,
): SearchAttributePair[] => (value === null ? [] : [{ key, value }]);

function attributesOf({ flow, plan }: OpenedCase): SearchAttributePair[] {
  const keys = searchAttributes;
  return [
    { key: keys.flow, value: flow },
    { key: keys.status, value: 'new' },
    { key: keys.stage, value: 'opening' },
    { key: keys.severity, value: plan.severity },
    ...pairOf(keys.customer, plan.customerNumber),
    ...pairOf(keys.asset, plan.serialNumber),
    { key: keys.territory, value: plan.territory },
    { key: keys.alertLevel, value: 0 },
  ];
}

const memoOf = ({ flow, cycle, plan }: OpenedCase) => ({
  flow,
  cycle,
  entitlement: plan.entitlement?.verdict ?? null,
  faultCode: plan.faultCode,
  policy: `${plan.policy.name} version ${plan.policy.version}`,
});
