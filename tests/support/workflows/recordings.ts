/** Histories that every later build must still replay (N17). `RECORD=1 npx vitest run tests/workflows/histories.test.ts` records
 *  those that are missing: of a new flow or path. A history of a released version is never recorded over. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Case } from './case.ts';
import { brokenSwitch, checkedAfter, fixedByHand, recurOnTreated } from './defects.ts';
import type { Desk } from './desk.ts';
import { createPlanning, openerOf, weeks } from './planning.ts';
import type { Recording } from './recording.ts';
import { paidRecordings } from './recordings-paid.ts';
import type { History } from './replay.ts';
import { loanTo } from './steps.ts';

const folder = new URL('../../workflows/histories/', import.meta.url);

const withLoan = (name: string) => ({
  [`in-warranty-repair-${name}`]: '',
  [`parts-loan-${name}`]: '/loan1',
});
const toTheEnd: Recording['walk'] = async (theCase) => void (await theCase.walkTo('the end'));

export const recordings: Recording[] = [
  { files: withLoan('longest-path'), walk: toTheEnd },
  {
    files: withLoan('canceled'),
    async walk(theCase) {
      await loanTo(theCase, 'reportRepair');
      await theCase.act('hold', { reason: 'On holiday.', holdReason: 'awaitingCustomer' });
      await theCase.act('cancel', { reason: 'The machine was sold.' });
      await theCase.ended();
      await theCase.answer('reportReturn');
    },
  },
  {
    files: withLoan('rework'),
    async walk(theCase) {
      const missing = [{ partNumber: 'HP-FILTER-230', quantity: 1 }];
      await loanTo(theCase, 'the end', {
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
    files: withLoan('diverted'),
    async walk(theCase) {
      await loanTo(theCase, 'reportRepair');
      await theCase.act('divert', { reason: 'Their system is down.', service: 'parts' });
      await theCase.walkTo('the end');
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
    async walk(theCase) {
      await theCase.answer('answerPage', { takes: false, remark: 'Abroad.' });
      await theCase.walkTo('the end', {
        'reportFirstContact-1': { severity: 'high', gradeReason: 'One node only.' },
        'reportRemoteFix-1': { severity: 'critical', next: 'remote' },
        'reportRemoteFix-2': { next: 'visit', expectedParts: [] },
        'reportDataRecovery-1': { recovered: 'partial', tryAgain: true },
        'recordCallback-1': { fixed: 'partly', rating: 'C' },
        'recordFollowUp-1': { result: 'noAnswer', fixed: undefined, rating: undefined },
      });
    },
  },
  {
    opening: { request: brokenSwitch(9) },
    files: { 'guided-repair-counted': '' },
    walk: async (theCase) => void (await theCase.walkTo('the end', fixedByHand)),
  },
  {
    opening: { flow: 'defectReport', policy: checkedAfter('PT3S') },
    files: { 'defect-report-rework': '', 'effect-check-effective': '/effectCheck1' },
    walk: async (theCase) =>
      void (await theCase.walkTo('the end', {
        'approveAction-1': { approved: false, reason: 'Treats the symptom only.' },
        'proposeAction-2': { treats: 'allUnits', treatedSerials: [] },
      })),
  },
  {
    opening: { flow: 'defectReport', policy: checkedAfter('PT5S') },
    files: { 'defect-report-second-cycle': '', 'effect-check-failed': '/effectCheck1' },
    async walk(theCase, { stores }) {
      await theCase.walkTo('the end');
      await recurOnTreated(theCase, stores);
      await theCase.once(({ view, openTasks }) => view.cycle === 2 && openTasks.length > 0);
      await theCase.walkTo('the end', {
        verifyDefect: { result: 'notReproduced', grade: undefined },
      });
    },
  },
  {
    opening: { flow: 'scheduledInspection' },
    files: { 'scheduled-inspection-longest-path': '' },
    async walk(theCase) {
      const absent = { attended: false, reached: 'nobody', remark: 'The gate was shut.' };
      await theCase.walkTo('the end', { 'recordAttendance-1': absent });
    },
  },
  {
    open: roundOfASchedule,
    files: { 'scheduled-inspection-of-a-schedule': '', 'schedule-occurrence': theOpener },
    async walk(theCase) {
      await theCase.walkTo('analyseFindings');
      await theCase.act('cancel', { reason: 'The school is closed.' });
    },
  },
  ...paidRecordings,
];

async function roundOfASchedule(desk: Desk): Promise<Case> {
  const { schedules, planned, settled } = createPlanning(desk.world);
  const scheduleNumber = await planned();
  await schedules.backfill(scheduleNumber, { ...weeks(1), limit: 1 });
  const [made] = await settled(scheduleNumber, 1);
  return desk.caseOf(made?.caseNumber ?? '');
}

async function theOpener(theCase: Case): Promise<string> {
  const { occurrence } = (await theCase.row()).plan;
  return openerOf(occurrence?.scheduleNumber ?? '', occurrence?.nominalAt ?? '');
}

const placeOf = (name: string) => new URL(`${name}.json`, folder);

/** Walks every recording that has no files yet and writes its histories. */
export async function recordAll(desk: Desk): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { opening, open, files, walk } of recordings) {
    if (Object.keys(files).every((name) => existsSync(placeOf(name)))) continue;
    const theCase = await (open ? open(desk) : desk.open(opening));
    await walk(theCase, desk);
    await theCase.ended();
    for (const [name, workflow] of Object.entries(files))
      await write(
        desk,
        typeof workflow === 'string' ? `${theCase.caseNumber}${workflow}` : await workflow(theCase),
        name,
      );
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
