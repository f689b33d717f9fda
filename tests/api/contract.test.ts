/** What programs stand on: the document tells all that the door answers, in words that every tool reads, and the door keeps to it. */
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const schema = z.record(z.string(), z.unknown());
const bodies = z.record(z.string(), z.object({ schema }));
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        example: z.unknown().optional(),
      }),
    )
    .default([]),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: bodies.optional() }),
  ),
});
const documentShape = z.object({
  openapi: z.literal('3.1.1'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});
type Node = { [key: string]: unknown };

const database = databaseOfThisFile(2);
const door = doorFrom(() => openDoor(database.sql, noEngine));
let whole: unknown;
let document: z.output<typeof documentShape>;

beforeAll(async () => {
  whole = (await door.app.inject('/openapi.json')).json();
  document = documentShape.parse(whole);
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({ ...told, name: `${method} ${path}` })),
  );
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every object of a JSON value, with where it stands. */
function* nodesIn(value: unknown, place = ''): Generator<[place: string, node: Node]> {
  if (!isNode(value)) return;
  yield [place, value];
  for (const [key, child] of Object.entries(value)) yield* nodesIn(child, `${place}/${key}`);
}

test('every operation has a name of its own and says what its success looks like', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
  for (const { name, responses } of operations()) {
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    expect([name, successes.length > 0]).toEqual([name, true]);
    for (const [status, { content }] of successes)
      expect([name, status, status === '204' || content !== undefined]).toEqual([
        name,
        status,
        true,
      ]);
  }
});

test('answers are made of named components, none of them without a use', () => {
  const names = Object.keys(document.components.schemas);
  expect(names).toEqual(
    expect.arrayContaining(['Case', 'Task', 'TimelineEvent', 'Problem', 'Loan', 'Flow']),
  );
  const text = JSON.stringify(whole);
  for (const name of names) expect(text).toContain(`"#/components/schemas/${name}"`);
});

/** What is another's to know: a schema, and what each flow is opened with, finds out and writes down. */
const open = [
  'JsonSchema',
  'CaseFacts',
  'EventDetail',
  'RecordBody',
  'ScheduleRequest',
  'ScheduleRequestInput',
];
const isVague = (node: Node): boolean =>
  (node.type === 'object' && !node.properties && !hasMembers(node.additionalProperties)) ||
  (node.type === 'array' && !hasMembers(node.items));
const hasMembers = (value: unknown): boolean => isNode(value) && Object.keys(value).length > 0;

test('nothing that we know is told as unknown', () => {
  const { schemas } = document.components;
  const told = [document.paths, schemas].flatMap((part) => [...nodesIn(part)]);
  const vague = told.filter(([, node]) => isVague(node)).map(([place]) => place.split('/').at(-1));
  expect(vague.sort()).toEqual(open.toSorted());
});

test('every pattern is one that every tool can read', () => {
  const patterns = [...nodesIn(whole)].flatMap(([, { pattern }]) =>
    typeof pattern === 'string' ? [pattern] : [],
  );
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of new Set(patterns)) {
    expect(pattern).not.toMatch(/\(\?[=!<]|\\[1-9pPu]|\\0/);
    expect(() => new RegExp(pattern)).not.toThrow();
  }
});

test('Idempotency-Key is marked as it is, with one to try', () => {
  const marked = operations().flatMap(({ operationId, parameters }) =>
    parameters
      .filter(({ name }) => name === 'idempotency-key')
      .map(({ required = false, example }) => ({ operationId, required, example })),
  );
  const required = marked.filter((one) => one.required).map(({ operationId }) => operationId);
  expect(required).toEqual(['openCase', 'createSchedule', 'createInspectionPlan']);
  expect(marked.length).toBeGreaterThan(8);
  for (const { example } of marked) expect(example).toMatch(/^[\x21-\x7e]+$/);
});

test('an answer that is not as the document says never leaves the door', async () => {
  const { stores } = door.deps;
  const directory = { ...stores.directory, tariffOn: async () => JSON.parse('{"version":"one"}') };
  const drifted = await openDoor(database.sql, noEngine, { stores: { ...stores, directory } });
  expect(await drifted.call('GET', '/v1/tariff', 'hotline')).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  });
  await drifted.app.close();
});

test('a method that a path does not take is 405, with those that it does', async () => {
  const { statusCode, headers, body } = await door.app.inject({ method: 'PUT', url: '/v1/cases' });
  expect([statusCode, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  expect(JSON.parse(body)).toMatchObject({ code: 'methodNotAllowed' });
});
