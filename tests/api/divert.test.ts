/** A partner that is down, at the door: what waits for it since when, who may divert, and what is refused (N25, N20). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../domain/case.ts';
import { builtInServices, chooseServices } from '../../services/partner/choose.ts';
import {
  answer,
  caseFactory,
  caseOnce,
  openTask,
  readCase,
  timelineOf,
  walk,
} from '../support/api/case-walk.ts';
import { type Door, engineOf, openDoor } from '../support/api/door.ts';
import { type RudePartner, startRudePartner } from '../support/rude-partner.ts';
import { startWorld, type World } from '../support/world.ts';

let partner: RudePartner;
let world: World;
let door: Door;
const newCase = caseFactory(() => door);
beforeAll(async () => {
  partner = await startRudePartner(1_500);
  const partners = { parts: partner.address, dispatch: partner.address };
  world = await startWorld({ partners });
  const services = chooseServices(world.sql, builtInServices(world.sql), partners);
  door = await openDoor(world.sql, engineOf(world), services);
});
afterAll(async () => {
  await door.app.close();
  await world.close();
  await partner.close();
});

const reason = 'Their system is down until tomorrow.';
const divert = (caseNumber: string, service: string, role: Role = 'supervisor') =>
  door.call('POST', `/v1/cases/${caseNumber}/actions/divert`, role, { reason, service }, service);
const offered = async (caseNumber: string, role: Role) =>
  (await door.call('GET', `/v1/cases/${caseNumber}`, role)).body.allowedActions;

test('a loan that waits for a partner shows on its case; a supervisor diverts it, once, and the case goes on', async () => {
  const caseNumber = await newCase();
  partner.behave(({ path }) =>
    path === 'parts/issueLoan' ? { fault: 'error500', doneFirst: false } : null,
  );
  const expectedParts = [{ partNumber: 'HP-SEAL-230', quantity: 1 }];
  const lent = { customerHasPart: false, guideByPhone: false, expectedParts };
  const isOpen = (name: string) => (found: { openTasks: { name: string }[] }) =>
    found.openTasks.some((task) => task.name === name);
  await walk(door, caseNumber, isOpen('issueParts'), { reportPhoneTriage: lent });
  expect(await offered(caseNumber, 'supervisor')).not.toContain('divert');
  expect(await divert(caseNumber, 'parts')).toMatchObject({
    status: 409,
    body: { code: 'illegalTransition' },
  });
  await answer(door, await openTask(door, caseNumber, 'issueParts'));

  const { waitingOn } = await caseOnce(door, caseNumber, (now) => now.waitingOn?.who === 'parts');
  expect(waitingOn).toMatchObject({ what: 'parts.issueLoan', since: expect.stringContaining('T') });
  expect(await offered(caseNumber, 'supervisor')).toContain('divert');
  expect(await offered(caseNumber, 'engineer')).not.toContain('divert');
  expect((await divert(caseNumber, 'parts', 'engineer')).status).toBe(403);
  expect((await divert(caseNumber, 'stock')).status).toBe(422);
  expect((await divert(caseNumber, 'dispatch')).status).toBe(409);
  const [line] = (await door.call('GET', '/v1/board?limit=50', 'supervisor')).body.items as {
    caseNumber: string;
    waitingOn: unknown;
  }[];
  expect(line).toMatchObject({ caseNumber, waitingOn: { who: 'parts' } });

  const word = { reason, service: 'parts' };
  const path = `/v1/cases/${caseNumber}/actions/divert`;
  for (let n = 0; n < 2; n += 1)
    expect((await door.call('POST', path, 'supervisor', word, 'the-key')).status).toBe(200);
  await walk(door, caseNumber, isOpen('confirmVisit'));
  expect(await offered(caseNumber, 'supervisor')).not.toContain('divert');
  const told = (await timelineOf(door, caseNumber)).filter(
    ({ kind }) => kind === 'serviceDiverted',
  );
  expect(told).toMatchObject([
    { actor: { role: 'supervisor' }, reason, subject: 'parts' },
    { actor: { role: 'supervisor' }, reason, detail: { possiblyDone: [expect.any(String)] } },
  ]);
});

test('a case is opened while the parts partner is away, with the kit of our own register; its stock and its loans answer 503 meanwhile', async () => {
  partner.behave(({ path }) =>
    path.startsWith('parts/') ? { fault: 'error500', doneFirst: false } : null,
  );
  const caseNumber = await newCase();
  await openTask(door, caseNumber, 'reportPhoneTriage');
  expect((await readCase(door, caseNumber)).status).toBe('triaged');
  const stock = await door.call('GET', '/v1/parts/HP-SEAL-230', 'partsKeeper');
  expect(stock).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  const loans = '/v1/part-loans?status=issued';
  expect(await door.call('GET', loans, 'partsKeeper')).toMatchObject({
    status: 503,
    body: { code: 'unavailable', detail: expect.stringContaining('source=builtIn') },
  });
  expect(await door.call('GET', `${loans}&source=builtIn`, 'partsKeeper')).toMatchObject({
    status: 200,
    body: { items: [{ source: 'builtIn', status: 'issued' }] },
  });
});
