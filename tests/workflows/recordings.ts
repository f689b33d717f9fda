/** Histories that every later build must still replay (N17). `RECORD=1 npx vitest run tests/workflows/histories.test.ts` records
 *  those that are missing: of a new flow or path. A history of a released version is never recorded over. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Case } from './case.ts';
import type { Desk, Opening } from './desk.ts';
import type { History } from './replay.ts';
import { loanTo } from './steps.ts';

const folder = new URL('./histories/', import.meta.url);

export interface Recording {
  opening?: Opening;
  /** File names without their ending, each with what follows the case's number in the id of its workflow. */
  files: Record<string, string>;
  walk(kase: Case): Promise<void>;
}

const withLoan = (name: string) => ({
  [`in-warranty-repair-${name}`]: '',
  [`parts-loan-${name}`]: '/loan1',
});
const toTheEnd: Recording['walk'] = async (kase) => void (await kase.walkTo('the end'));

export const recordings: Recording[] = [
  { files: withLoan('longest-path'), walk: toTheEnd },
  {
    files: withLoan('canceled'),
    async walk(kase) {
      await loanTo(kase, 'reportRepair');
      await kase.say('hold', { reason: 'On holiday.', holdReason: 'awaitingCustomer' });
      await kase.say('cancel', { reason: 'The machine was sold.' });
      await kase.ended();
      await kase.answer('reportReturn');
    },
  },
  {
    files: withLoan('rework'),
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
  {
    opening: { flow: 'emergencyResponse' },
    files: { 'emergency-response-longest-path': '' },
    walk: toTheEnd,
  },
  {
    opening: { flow: 'emergencyResponse', request: { drill: true } },
    files: { 'emergency-response-drill': '' },
    async walk(kase) {
      await kase.answer('answerPage', { takes: false, remark: 'Abroad.' });
      await kase.walkTo('the end', {
        'reportFirstContact-1': { severity: 'high', gradeReason: 'One node only.' },
        'reportRemoteFix-1': { severity: 'critical', next: 'remote' },
        'reportRemoteFix-2': { next: 'visit', expectedParts: [] },
        'reportDataRecovery-1': { recovered: 'partial', tryAgain: true },
        'recordCallback-1': { fixed: 'partly', rating: 'C' },
        'recordFollowUp-1': { result: 'noAnswer', fixed: undefined, rating: undefined },
      });
    },
  },
];

const placeOf = (name: string) => new URL(`${name}.json`, folder);

/** Walks every recording that has no files yet and writes its histories. */
export async function recordAll(desk: Desk): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { opening, files, walk } of recordings) {
    if (Object.keys(files).every((name) => existsSync(placeOf(name)))) continue;
    const kase = await desk.open(opening);
    await walk(kase);
    await kase.ended();
    for (const [name, workflow] of Object.entries(files))
      await write(desk, `${kase.caseNumber}${workflow}`, name);
  }
}

async function write({ world }: Desk, workflowId: string, name: string): Promise<void> {
  const handle = world.client.workflow.getHandle(workflowId);
  await handle.result();
  writeFileSync(placeOf(name), `${anonymous(await handle.fetchHistory())}\n`);
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
