import { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { deploymentName } from '../../config/versions.ts';
import { describe, type Place } from './deployment.ts';
import { workersOf } from './workers.ts';

const { WorkerDeploymentVersionStatus } = proto.temporal.api.enums.v1;

/** What the engine knows of a build. */
export interface Build {
  /** '' for workers without a version. */
  buildId: string;
  /** `current`, `ramping`, `draining` (open cases were last on it), `drained` or `inactive`. */
  state: string;
  /** Percent of new cases that it gets now. */
  share: number;
  /** Workers that run cases now. */
  workers: number;
  /** Open cases whose last step was on it. */
  open: number;
  /** Of these, the ones that stay on it to their end. */
  pinned: number;
}

/** The builds that workers have come from, newest first, and those without a version last. Fails `SetupError`. */
export async function readBuilds(place: Place): Promise<Build[]> {
  const info = await describe(place);
  const workers = await workersOf(place);
  const states = (info?.versionSummaries ?? []).flatMap(({ deploymentVersion, status }) => {
    const buildId = deploymentVersion?.buildId;
    return buildId ? [{ buildId, state: nameOf(status) }] : [];
  });
  const percentage = info?.routingConfig?.rampingVersionPercentage ?? 0;
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId ?? '';
  const ramping = info?.routingConfig?.rampingDeploymentVersion?.buildId;
  const shareOf = (buildId: string) => {
    if (buildId === ramping) return percentage;
    return buildId === current ? 100 - percentage : 0;
  };
  const all = [...states, { buildId: '', state: current === '' ? 'current' : 'inactive' }];
  return Promise.all(
    all.map(async (build) => ({
      ...build,
      share: shareOf(build.buildId),
      workers: workers.get(build.buildId) ?? 0,
      ...(await countOpen(place, build.buildId)),
    })),
  );
}

async function countOpen({ connection, namespace, taskQueue }: Place, buildId: string) {
  const client = new Client({ connection, namespace });
  const version = buildId === '' ? 'IS NULL' : `= '${deploymentName}:${buildId}'`;
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}' AND TemporalWorkerDeploymentVersion ${version}`;
  const pinned = `${query} AND TemporalWorkflowVersioningBehavior = 'Pinned'`;
  const counts = await Promise.all([query, pinned].map((one) => client.workflow.count(one)));
  const [open = 0, stay = 0] = counts.map(({ count }) => count);
  return { open, pinned: stay };
}

function nameOf(status: number | null | undefined): string {
  const name = WorkerDeploymentVersionStatus[status ?? 0] ?? '';
  return name.replace('WORKER_DEPLOYMENT_VERSION_STATUS_', '').toLowerCase();
}

/** The builds as a table for people. */
export function tableOf(builds: Build[]): string {
  const head = ['build', 'state', 'new cases', 'workers', 'open', 'pinned'];
  const rows = builds.map(({ buildId, state, share, workers, open, pinned }) =>
    [buildId || '(no version)', state, `${share} %`, workers, open, pinned].map(String),
  );
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}
