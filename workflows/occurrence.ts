import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { ApplicationFailure, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { OpenedOccurrence } from '../domain/schedule.ts';
import { callOurs } from './kernel/calls.ts';

/** The instant that the calendar says, however late it was started. */
const nominalTime = defineSearchAttributeKey(
  'TemporalScheduledStartTime',
  SearchAttributeType.DATETIME,
);

/** A Schedule has fired: opens the case of that nominal time, once, and ends (N22). Started by hand it names no time, and fails. */
export async function scheduleOccurrence({
  scheduleNumber,
}: {
  scheduleNumber: string;
}): Promise<OpenedOccurrence> {
  const nominalAt = workflowInfo().typedSearchAttributes.get(nominalTime)?.toISOString();
  if (typeof scheduleNumber !== 'string' || !nominalAt)
    throw ApplicationFailure.nonRetryable('not started by a Schedule', 'invalidInput');
  const opened = await callOurs(
    'openOccurrence',
    { scheduleNumber, nominalAt },
    `case of ${scheduleNumber} due ${nominalAt}`,
  );
  return opened as OpenedOccurrence;
}

// Over in seconds: it ends on the build that it began on. The engine refuses this of a worker without a version.
setWorkflowOptions(
  () =>
    workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {},
  scheduleOccurrence,
);
