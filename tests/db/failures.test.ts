import { expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { failureOfStatus, ServiceFailure, toServiceFailure } from '../../db/failures.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const failureOf = async (work: PromiseLike<unknown>) => {
  try {
    await work;
  } catch (error) {
    return toServiceFailure(error);
  }
  throw new Error('it did not fail');
};

test.each([
  ['08006', true],
  ['57P01', true],
  ['57P03', true],
  ['40001', true],
  ['40P01', true],
  ['53300', true],
  ['57014', true],
  ['CONNECTION_CLOSED', true],
  ['CONNECT_TIMEOUT', true],
  ['ECONNREFUSED', true],
  ['23505', false],
  ['23514', false],
  ['22P05', false],
  ['42P01', false],
])('an error with code %s may be tried again: %s', (code, retryable) => {
  expect(toServiceFailure(Object.assign(new Error('secret'), { code }))).toMatchObject({
    retryable,
  });
});

test.each([
  [408, true],
  [429, true],
  [500, true],
  [503, true],
  [400, false],
  [404, false],
  [422, false],
])("a partner's %s may be tried again: %s", (status, retryable) =>
  expect(failureOfStatus(status).retryable).toBe(retryable),
);

test('a typed failure stays as it is', () => {
  const failure = new ServiceFailure('OverReturn', 'more than is out');
  expect(toServiceFailure(failure)).toBe(failure);
});

test('the message names code and constraint, and none of the values', async () => {
  const failure = await failureOf(
    database.sql`insert into persons (person_id, name, locale) values ('x', 'Secret Name', 'xx')`,
  );
  expect(failure).toMatchObject({
    type: 'ConstraintViolated',
    message: '23514 on persons_locale_check',
  });
});

test('a database that is not there is worth another attempt', async () => {
  const nowhere = connect('postgres://nobody:nothing@127.0.0.1:1/none', {
    connectTimeoutS: 1,
    max: 1,
  });
  expect(await failureOf(nowhere`select 1`)).toMatchObject({
    type: 'Unavailable',
    retryable: true,
  });
  await nowhere.end({ timeout: 0 });
});

test('a backend that is terminated is worth another attempt', async () => {
  const { url } = database;
  const victim = connect(url, { max: 1 });
  const [own] = await victim<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const asleep = failureOf(victim`select pg_sleep(4)`);
  await expect
    .poll(
      () => database.sql`select pg_terminate_backend(${own?.pid ?? 0}) from pg_stat_activity
    where pid = ${own?.pid ?? 0} and query like '%pg_sleep%'`,
    )
    .toHaveLength(1);
  expect(await asleep).toMatchObject({ type: 'Unavailable', retryable: true });
  // The pool may hand out the dead connection once more before it notices.
  await expect.poll(() => victim`select 1 as one`.catch(() => [])).toEqual([{ one: 1 }]);
  await victim.end();
});
