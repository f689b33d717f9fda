/** Histories that every later build must still replay (N17). `RECORD=1 npx vitest run tests/workflows/histories.test.ts` records
 *  them anew: for a new flow or path. A history of a released version is never recorded over. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Case } from './case.ts';
import type { Desk } from './desk.ts';
import type { History } from './replay.ts';
import { loanTo } from './steps.ts';

const folder = new URL('./histories/', import.meta.url);

export interface Recording {
  /** File name without its ending; the case's. Its loan's is `parts-loan-…`. */
  name: string;
  walk(kase: Case): Promise<void>;
}

export const recordings: Recording[] = [
  { name: 'longest-path', walk: async (kase) => void (await kase.walkTo('the end')) },
  {
    name: 'canceled',
    async walk(kase) {
      await loanTo(kase, 'reportRepair');
      await kase.say('hold', { reason: 'On holiday.', holdReason: 'awaitingCustomer' });
      await kase.say('cancel', { reason: 'The machine was sold.' });
      await kase.ended();
      await kase.answer('reportReturn');
    },
  },
  {
    name: 'rework',
    async walk(kase) {
      const missing = [{ partNumber: 'HP-FILTER-230', quantity: 1 }];
      await loanTo(kase, 'the end', {
        'confirmSafety-1': { powerCut: false },
        'reportDiagnosis-1': { faultLocated: false },
        'adviseDiagnosis-1': { determination: 'askHeadquarters' },
        'reportRepair-1': { result: 'cannotRepair', usedParts: [] },
        'reportRepair-2': { result: 'partMissing', usedParts: [], expectedParts: missing },
        'reportMachineCheck-1': { runsNormally: false },
        'signServiceRecord-1': { rating: 'C' },
        'recordCallback-1': { result: 'noAnswer', fixed: undefined, rating: undefined },
      });
    },
  },
];

/** Walks every recording and writes its histories. */
export async function recordAll(desk: Desk): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, walk } of recordings) {
    const kase = await desk.open();
    await walk(kase);
    await kase.ended();
    await write(desk, kase.caseNumber, `in-warranty-repair-${name}`);
    await write(desk, `${kase.caseNumber}/loan1`, `parts-loan-${name}`);
  }
}

async function write({ world }: Desk, workflowId: string, name: string): Promise<void> {
  const handle = world.client.workflow.getHandle(workflowId);
  await handle.result();
  writeFileSync(new URL(`${name}.json`, folder), `${anonymous(await handle.fetchHistory())}\n`);
}

/** Without the name of the machine that recorded it. */
const anonymous = (history: History): string =>
  historyToJSON(history).replaceAll(/"\d+@[\w.]+/g, '"worker');

/** What is recorded, by file name. The workflow's id stands in its first event. */
export function recorded(): { name: string; workflowId: string; history: History }[] {
  return readdirSync(folder).map((file) => {
    const history = historyFromJSON(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    return { name: file.replace('.json', ''), workflowId: started?.workflowId ?? '', history };
  });
}
