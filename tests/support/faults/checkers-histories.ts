/** The invariants of a history by itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Violation } from '../../../checks/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Chain } from './histories.ts';
import { violation } from './judged.ts';

/** I16: every history of the run replays on this build. */
export async function replays(chains: Chain[]): Promise<Violation[]> {
  if (!Runtime._instance)
    Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const histories = chains.flatMap(({ runs }) => runs);
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath: inject('workflowBundle') } },
    histories,
  );
  const found: Violation[] = [];
  for await (const { workflowId, error } of results)
    if (error)
      found.push(violation('I16', workflowId, `${keep(histories, workflowId)}: ${error.message}`));
  return found;
}

/** Leaves the history that does not replay in a file, to be looked at. */
function keep(histories: Chain['runs'], workflowId: string): string {
  const file = join(temporaryFolder(), `${workflowId.replace('/', '-')}.json`);
  const own = histories.filter((one) => one.workflowId === workflowId);
  writeFileSync(file, `[${own.map(({ history }) => historyToJSON(history)).join()}]`);
  return file;
}

/** I18: fewer than 10,000 events per run, no payload of 256 KB or more. */
export function bounded({ runs }: Chain): Violation[] {
  return runs.flatMap(({ workflowId, history }) => {
    const events = history.events ?? [];
    const largest = Math.max(0, ...events.map(sizeOf));
    return [
      ...(events.length < 10_000 ? [] : [violation('I18', workflowId, `${events.length} events`)]),
      ...(largest < 256 * 1024
        ? []
        : [violation('I18', workflowId, `an event of ${largest} bytes`)]),
    ];
  });
}

const { HistoryEvent } = proto.temporal.api.history.v1;
/** An event holds its payloads: as long as it is small, so are they. */
const sizeOf = (event: proto.temporal.api.history.v1.IHistoryEvent) =>
  HistoryEvent.encode(event).finish().length;
