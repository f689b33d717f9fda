import { expect, test } from 'vitest';
import { z } from 'zod';
import { actions } from '../../domain/action-contracts.ts';
import { answers, definitionOf } from '../../domain/catalogue.ts';
import { publicShape, referencesIn, splitPersonal } from '../../domain/fields.ts';
import { openInWarrantyRepair } from '../../domain/flows/in-warranty-repair/opening.ts';
import type { TaskName } from '../../domain/flows/tasks.ts';
import { request } from '../support/domain/facts.ts';

const names = Object.keys(answers) as TaskName[];

/** The prose of the demo's examples: whoever finds one of these in the engine has found a leak. */
const personalFields: [TaskName, string[]][] = [
  ['reportPhoneTriage', ['findings']],
  ['reportGuidedReplacement', ['findings']],
  ['approveLoan', []],
  [
    'recordSiteFacts',
    ['faultAccount', 'operationAfter', 'operationBefore', 'userSignature', 'witnessSignatures'],
  ],
  ['reportDiagnosis', ['determination']],
  ['adviseDiagnosis', ['advice']],
  ['writeServiceRecord', ['precautions', 'workDone']],
  ['signServiceRecord', ['signedBy']],
  ['recordCallback', ['remarks']],
  ['planFurtherService', ['measures']],
  ['decideCoverage', []],
];

test.each(personalFields)('what is personal in %s stays in the database: %o', (name, fields) => {
  const answer = definitionOf(name).example({}) as Record<string, unknown>;
  const { publicPart, personalPart } = splitPersonal(answers[name], answer);
  expect(Object.keys(personalPart ?? {}).sort()).toEqual(fields);
  expect({ ...publicPart, ...personalPart }).toEqual(answer);
});

test('an answer without personal words keeps no document', () => {
  expect(splitPersonal(answers.confirmSafety, { workClothing: true, powerCut: true })).toEqual({
    publicPart: { workClothing: true, powerCut: true },
    personalPart: null,
  });
});

test.each(names)('the public part of %s, with its document, has the public shape', (name) => {
  const answer = definitionOf(name).example({}) as Record<string, unknown>;
  const { publicPart } = splitPersonal(answers[name], answer);
  const shape = publicShape(answers[name]);
  expect(shape.safeParse({ ...publicPart, document: 'doc-1' }).success).toBe(true);
  expect(shape.safeParse({ ...publicPart, document: null }).success).toBe(true);
  expect(shape.safeParse(publicPart).success).toBe(false);
});

test('no public shape of a task or an action has a place for free text beyond a stated reason', () => {
  const free = Object.entries({ ...answers, ...actions }).flatMap(([name, contract]) =>
    freeTexts(publicShape(contract), name),
  );
  expect(free.filter((path) => !/\/(reason|document)$/.test(path))).toEqual([]);
});

/** Strings without a pattern that bounds them or a closed list of values. */
function freeTexts(schema: z.ZodType, path: string): string[] {
  const found: string[] = [];
  const walk = (json: Record<string, unknown>, at: string): void => {
    const isFree = json.type === 'string' && !json.enum && !json.const && !json.allOf;
    if (isFree && !isBound(String(json.pattern ?? ''))) found.push(at);
    for (const [key, child] of Object.entries((json.properties ?? {}) as object))
      walk(child, `${at}/${key}`);
    for (const child of (json.anyOf ?? []) as Record<string, unknown>[]) walk(child, at);
    if (json.items) walk(json.items as Record<string, unknown>, `${at}[]`);
  };
  walk(z.toJSONSchema(schema) as Record<string, unknown>, path);
  return found.filter((at, index) => found.indexOf(at) === index);
}
const isBound = (pattern: string) => pattern !== '' && !pattern.includes('uD800');

test('what a request names is found with its pointer and its kind', () => {
  const found = referencesIn(openInWarrantyRepair, request());
  expect(found).toEqual([
    { kind: 'customerNumber', value: 'CU-1001', pointer: '/customerNumber' },
    { kind: 'serialNumber', value: 'ZE230E-000117', pointer: '/serialNumber' },
    { kind: 'faultCode', value: 'HYD-PUMP-LOSS', pointer: '/fault/code' },
  ]);
});

test('what stands in lists is found too', () => {
  const answer = definitionOf('reportPhoneTriage').example({});
  expect(referencesIn(answers.reportPhoneTriage, answer).map(({ pointer }) => pointer)).toEqual([
    '/likelyFaultCode',
    '/expectedParts/0/partNumber',
    '/expectedParts/1/partNumber',
  ]);
});
