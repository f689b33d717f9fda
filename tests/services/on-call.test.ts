/** The on-call ladder (FLOW-EMER): who is paged in an emergency, and in which order. */
import { expect, test } from 'vitest';
import { onCallDuties } from '../../setup/demo-data/on-call.ts';
import { staff, territories } from '../../setup/demo-data/people.ts';
import { databaseOfThisFile } from '../support/fixtures.ts';
import { twinsOn } from '../support/services/twins.ts';

const database = databaseOfThisFile();
const twins = twinsOn(database);

const at = '2026-11-22T19:00:00.000Z';
const ladder = async (more: object = {}) => {
  const asked = { territory: 'south', productClass: 'itProduct', skill: null, at, ...more };
  return (await twins.dispatch.effects.onCall(asked)).map(({ staffNumber }) => staffNumber);
};

test('the ladder of a territory comes in the order of its roster, counted from the first rung', async () => {
  expect(await ladder()).toEqual(['ST-33', 'ST-34', 'ST-03']);
  const rungs = await twins.dispatch.effects.onCall({
    territory: 'north',
    productClass: 'heavyEquipment',
    skill: null,
    at,
  });
  expect(rungs).toEqual([
    { staffNumber: 'ST-31', rung: 1 },
    { staffNumber: 'ST-32', rung: 2 },
    { staffNumber: 'ST-03', rung: 3 },
  ]);
});

test('who has the skill that the fault asks for is paged first, and nobody is left out', async () => {
  expect(await ladder({ skill: 'storage' })).toEqual(['ST-34', 'ST-03', 'ST-33']);
  expect(await ladder({ skill: 'hydraulics' })).toEqual(['ST-33', 'ST-03', 'ST-34']);
});

test('whose duty has not begun, or is over, is not paged', async () => {
  const { sql } = database;
  const noon = '2026-11-23T04:00:00Z';
  await sql`update on_call_duties set period = tstzrange(null, ${noon}::timestamptz)
    where territory = 'south' and product_class = 'homeAppliance' and position = 1`;
  await sql`insert into on_call_duties (territory, product_class, position, staff_number, skills, period)
    values ('south', 'homeAppliance', 1, 'ST-31', '{}', tstzrange(${noon}::timestamptz, null))`;
  const ask = (instant: string) => ladder({ productClass: 'homeAppliance', at: instant });
  expect(await ask('2026-11-23T03:59:59Z')).toEqual(['ST-33', 'ST-34', 'ST-03']);
  expect(await ask(noon)).toEqual(['ST-31', 'ST-34', 'ST-03']);
});

test('a ladder has one person on a rung, and a person on one rung, at any time', async () => {
  const { sql } = database;
  const add = (position: number, staffNumber: string) => sql`
    insert into on_call_duties (territory, product_class, position, staff_number, skills, period)
    values ('north', 'itProduct', ${position}, ${staffNumber}, '{}', '[2030-01-01,2030-02-01)')`;
  await expect(add(1, 'ST-33')).rejects.toMatchObject({ constraint_name: 'one_on_a_rung' });
  await expect(add(4, 'ST-31')).rejects.toMatchObject({ constraint_name: 'one_rung_each' });
});

test('nobody is on call where there is no roster', async () => {
  expect(await ladder({ territory: 'west' })).toEqual([]);
});

test('the demo data has three on call for each territory and class of product, all of them support staff there', () => {
  for (const { territory } of territories) {
    for (const productClass of ['heavyEquipment', 'itProduct', 'homeAppliance']) {
      const duties = onCallDuties.filter(
        (one) => one.territory === territory && one.productClass === productClass,
      );
      expect(duties.map(({ position }) => position)).toEqual([1, 2, 3]);
      for (const { staffNumber } of duties) {
        const member = staff.find((one) => one.staffNumber === staffNumber);
        expect(member).toMatchObject({ role: 'support' });
        expect(member?.territories).toContain(territory);
      }
    }
  }
});
