/** What may be edited in a flow while cases are open, and what may not (docs/changing-flows.md): edits in the text of the bundle. */
import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { replaced } from '../support/workflows/jitter.ts';
import { recorded } from '../support/workflows/recordings.ts';
import { brokenReplays } from '../support/workflows/replay.ts';
import { quietSdk } from '../support/world.ts';

const bundle = () => readFileSync(inject('workflowBundle'), 'utf8');
const repairs = () => recorded().filter(({ name }) => /^(in-warranty|parts-loan)/.test(name));

/** Recorded repairs and loans that no longer replay with another text in place of one. */
function brokenBy(text: string, other: string): Promise<string[]> {
  quietSdk();
  return brokenReplays(repairs(), { code: replaced(bundle(), text, other) });
}

test('time-outs, retries and summaries may be edited', async () => {
  expect(await brokenBy("startToCloseTimeout: '15s'", "startToCloseTimeout: '20s'")).toEqual([]);
  expect(await brokenBy('`claim cycle ', '`take cycle ')).toEqual([]);
});

test('what a service is asked may be edited', async () => {
  expect(await brokenBy('durationMinutes: visitMinutes', 'durationMinutes: 90')).toEqual([]);
});

test('a timer may be longer or shorter', async () => {
  expect(await brokenBy('.sleep)(left, {', '.sleep)(left + 1000, {')).toEqual([]);
});

test('a check of answers may become stricter', async () => {
  const checks = 'function engineProblems(name, answer, context) {';
  const refuse = "return [{ pointer: '/remark', detail: 'is asked for now' }];";
  expect(await brokenBy(checks, `${checks} ${refuse}`)).toEqual([]);
});

test('a task that no open case is asked may be added', async () => {
  const handlers = 'function hearAnswers(run, names) {';
  expect(await brokenBy(handlers, `${handlers} names = [...names, 'newTask'];`)).toEqual([]);
});

test('an effect that is left out does not replay', async () => {
  expect(await brokenBy('.claimWarranty)(repair)', '.claimWarranty)')).not.toEqual([]);
});

test('an effect under another name does not replay', async () => {
  expect(await brokenBy("'issueLoan'", "'issuePartsLoan'")).not.toEqual([]);
});

test('a line on the timeline may be added', async () => {
  const entered = "file.enter('diagnosing');";
  expect(await brokenBy(entered, `${entered} file.report({ kind: 'noted' });`)).toEqual([]);
});

test('a stage that is left out does not replay', async () => {
  expect(await brokenBy("file.enter('diagnosing');", '')).not.toEqual([]);
});

test('a clock that is left out does not replay', async () => {
  expect(await brokenBy('file.startClock(', 'void (')).not.toEqual([]);
});
