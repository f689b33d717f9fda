/** Every effect of every service is an activity, by itself: nobody lists them. */
import { afterAll, expect, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { connect } from '../../db/connect.ts';
import { ServiceFailure } from '../../db/failures.ts';
import { createActivityDeps } from '../../worker/compose.ts';

const sql = connect('postgres://nobody@127.0.0.1:9/none'); // connects with the first statement, and there is none
const none = { start: async () => undefined, endOf: async () => null };
const deps = createActivityDeps(sql, none);
afterAll(() => sql.end());

test('each task queue serves all effects of its service, and nothing that is only looked up', () => {
  const { workflows, parts, dispatch, notification } = createActivities(deps);
  expect(Object.keys(parts)).toEqual(Object.keys(deps.parts));
  expect(Object.keys(dispatch)).toEqual(Object.keys(deps.dispatch));
  expect(Object.keys(notification)).toEqual(['sendMessages']);
  const { records, billing, defects, cases, schedules } = deps;
  const own = [records, billing, defects, cases, schedules].flatMap(Object.keys);
  expect(Object.keys(workflows).sort()).toEqual(
    ['claimCycle', 'recordProgress', 'callBuiltIn', ...own].sort(),
  );
  expect(Object.keys(parts)).not.toContain('getPart');
  expect(Object.keys(parts)).not.toContain('takeOver');
});

test('an effect that an interface gains is an activity, and its refusal is for good', async () => {
  const refuse = async () => {
    throw new ServiceFailure('OverReturn', 'no');
  };
  const gained = { ...deps, defects: { ...deps.defects, scrapLot: refuse } };
  const activities: Record<string, unknown> = { ...createActivities(gained).workflows };
  expect(activities.scrapLot).toBeTypeOf('function');
  await expect((activities.scrapLot as typeof refuse)()).rejects.toMatchObject({
    type: 'OverReturn',
    nonRetryable: true,
  });
});

test('no two effects beside the workflows have one name', () => {
  const { records, billing, defects, cases, schedules } = deps;
  const names = [records, billing, defects, cases, schedules].flatMap(Object.keys);
  expect(new Set(names).size).toBe(names.length);
});
