import { expect, test } from 'vitest';
import { z } from 'zod';
import { noEngine, openDoor } from '../support/api/door.ts';
import { doorFrom } from '../support/api/door-of-this-file.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile(5);
const door = doorFrom(() => openDoor(database.sql, noEngine));

const get = (path: string, role: 'hotline' | 'auditor' = 'hotline') => door.call('GET', path, role);

test('every flow comes with its stages, and schemas whose examples hold no absolute date', async () => {
  const { status, body } = await get('/v1/flows');
  expect(status).toBe(200);
  expect(body.items).toContainEqual(
    expect.objectContaining({
      name: 'inWarrantyRepair',
      title: { en: expect.any(String), zh: expect.any(String) },
      stages: expect.arrayContaining([expect.objectContaining({ name: 'phoneTriage' })]),
      inputSchema: expect.objectContaining({ examples: [expect.any(Object)] }),
      tasks: expect.arrayContaining([
        expect.objectContaining({
          name: 'reportReturn',
          role: 'partsKeeper',
          answerSchema: expect.objectContaining({ examples: [expect.any(Object)] }),
        }),
      ]),
    }),
  );
  const examples = JSON.stringify(body, (key, value) => (key === 'pattern' ? undefined : value));
  expect(examples).not.toMatch(/"20\d\d-\d\d-\d\d/);
});

test('an asset comes with its entitlement and the evidence', async () => {
  const { body } = await get('/v1/assets/ZE230E-000117');
  expect(body).toMatchObject({
    customerNumber: 'CU-1001',
    entitlement: { verdict: 'inWarranty', evidence: [expect.any(String)] },
    openCases: [],
  });
  expect((await get('/v1/assets/QY25V-000042')).body).toMatchObject({
    entitlement: { verdict: 'outOfWarranty' },
  });
});

test('a customer, a part with its stock, engineers with the reasons', async () => {
  expect((await get('/v1/customers/CU-1001')).body).toMatchObject({ openCases: [] });
  const part = await get('/v1/parts/HP-PUMP-230');
  expect(part.body).toMatchObject({
    stock: expect.arrayContaining([expect.objectContaining({ reserved: 0, onLoan: 0 })]),
  });
  const ranked = z
    .object({
      items: z
        .array(z.object({ engineerNumber: z.string(), reasons: z.array(z.string()).min(1) }))
        .min(1),
    })
    .safeParse((await get('/v1/engineers?territory=north&skill=hydraulics')).body);
  expect(ranked.error).toBeUndefined();
  const anywhere = await get('/v1/engineers');
  expect(anywhere.status).toBe(200);
  expect(anywhere.body.items).not.toEqual([]);
});

test.each(['/v1/cases', '/v1/tasks', '/v1/part-loans', '/v1/notifications'])(
  '%s is a list, empty at first',
  async (path) => {
    expect((await get(path)).body).toEqual({ items: [], nextCursor: null });
  },
);

test.each([
  '/v1/assets/ZE230E-999999',
  '/v1/customers/CU-9999',
  '/v1/parts/NOTHING',
  '/v1/cases/C-999999',
  '/v1/cases/C-999999/timeline',
  '/v1/cases/C-999999/service-records',
])('%s is not found', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, body: { code: 'notFound' } });
});

test('each reading of an auditor is written down', async () => {
  await get('/v1/parts/HP-PUMP-230', 'auditor');
  await get('/v1/parts/HP-PUMP-230', 'hotline');
  const lines =
    await database.sql`select actor_id, actor_role, subject from case_events where kind = 'read'`;
  expect(lines).toEqual([
    { actor_id: 'ST-08', actor_role: 'auditor', subject: '/v1/parts/:partNumber' },
  ]);
});

test('OpenAPI 3.1 describes every route, and the page shows it', async () => {
  const { json } = await door.app.inject('/openapi.json');
  const document = json();
  expect(document.openapi).toBe('3.1.1');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/v1/cases', '/v1/cases/{caseNumber}/tasks/{taskId}', '/healthz']),
  );
  const open = document.paths['/v1/cases'].post.requestBody.content['application/json'].schema;
  expect(JSON.stringify(open)).toContain('customerNumber');
  expect((await door.app.inject('/docs/')).body).toContain('swagger-ui');
});

test('health, readiness and metrics need no token', async () => {
  expect((await door.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  const ready = await door.app.inject('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.headers['retry-after']).toBeDefined();
  expect(ready.json()).toMatchObject({ checks: { ready: false, database: true, engine: false } });
  expect((await door.app.inject('/metrics')).body).toContain('http_request_duration_seconds');
});

test('too many calls by one person are 429 with Retry-After, and others go on', async () => {
  const strict = await openDoor(database.sql, noEngine, { limits: { callsPerMinute: 3 } });
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => strict.call('GET', '/v1/flows', 'hotline')),
  );
  const [refused] = answers.filter((answer) => answer.status === 429);
  expect(refused).toMatchObject({ body: { code: 'tooManyRequests' } });
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await strict.call('GET', '/v1/flows', 'manager')).status).toBe(200);
  await strict.app.close();
});
