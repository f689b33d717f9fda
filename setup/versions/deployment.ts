import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { deploymentName } from '../../config/versions.ts';
import { SetupError, waitUntil } from '../processes.ts';
import { workersOf } from './workers.ts';

/** The workers that are meant, and who asks. */
export interface Place {
  connection: Connection;
  namespace: string;
  /** The task queue of the workflows. */
  taskQueue: string;
  /** Kept by the engine as who changed it last. */
  identity: string;
  /** Milliseconds to wait until the engine knows a build whose workers have just started. */
  patienceMs: number;
}

/** Gives a share of new cases, and of running ones at their next step, to a build. Fails `SetupError`. */
export async function ramp(place: Place, buildId: string, percentage: number): Promise<void> {
  await requireWorkers(place, buildId);
  await setRamp(place, buildId, percentage);
}

/** Takes the share back: all goes on on the current build. Harmless when nothing was shared. Fails `SetupError`. */
export async function back(place: Place): Promise<void> {
  await setRamp(place, '', 0);
}

/** Gives all new cases, and running ones at their next step, to a build. Fails `SetupError`. */
export async function makeCurrent(place: Place, buildId: string): Promise<void> {
  await requireWorkers(place, buildId);
  const { connection, namespace, identity } = place;
  const request = { namespace, deploymentName, buildId, identity };
  await change(place, () => connection.workflowService.setWorkerDeploymentCurrentVersion(request));
}

/** How new cases are shared out, as the engine has it; null when no versioned worker has ever come. Fails `SetupError`. */
export async function describe({ connection, namespace }: Place) {
  const request = { namespace, deploymentName };
  try {
    const found = await connection.workflowService.describeWorkerDeployment(request);
    return found.workerDeploymentInfo ?? null;
  } catch (error) {
    if (isGrpcServiceError(error) && isUnknown(error)) return null;
    throw inWords(error);
  }
}

async function setRamp(place: Place, buildId: string, percentage: number): Promise<void> {
  const { connection, namespace, identity } = place;
  const request = { namespace, deploymentName, buildId, percentage, identity };
  await change(place, () => connection.workflowService.setWorkerDeploymentRampingVersion(request));
}

/** The engine would take a build whose workers are gone, and cases would hang. */
async function requireWorkers(place: Place, buildId: string): Promise<void> {
  const found = await waitUntil(
    async () => ((await workersOf(place)).get(buildId) ?? 0) > 0,
    place.patienceMs,
    200,
  ).catch((error) => {
    throw inWords(error);
  });
  if (!found)
    throw new SetupError(
      `No worker of build ${buildId} is running: start one with WORKER_VERSIONING=on, or name another build with --build.`,
    );
}

/** The engine hears of a build from its workers, queue by queue, in the second after they started: until then it refuses. */
async function change({ patienceMs }: Place, attempt: () => Promise<unknown>): Promise<void> {
  let refusal: unknown;
  const tried = async () => {
    try {
      await attempt();
      return true;
    } catch (error) {
      refusal = error;
      if (isGrpcServiceError(error) && mayPass(error)) return false;
      throw inWords(error);
    }
  };
  if (!(await waitUntil(tried, patienceMs, 200))) throw inWords(refusal);
}

interface Refusal {
  code: number;
  details: string;
}
const codes = { notFound: 5, failedPrecondition: 9, unimplemented: 12 };

const isUnknown = ({ code, details }: Refusal) =>
  code === codes.notFound && !details.startsWith('Namespace');

/** Unknown as yet, or some of its queues are missing as yet. */
const mayPass = (refusal: Refusal) =>
  isUnknown(refusal) ||
  (refusal.code === codes.failedPrecondition &&
    /missing|no Worker Deployment found/.test(refusal.details));

function inWords(error: unknown): unknown {
  if (!isGrpcServiceError(error)) return error;
  if (error.code === codes.unimplemented)
    return new SetupError('This Temporal server is too old: it knows no worker deployments.');
  return new SetupError(`The Temporal server refuses: ${error.details}`);
}
