import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ActionName, actions } from '../../domain/action-contracts.ts';
import { type Role, roles } from '../../domain/case.ts';
import {
  type CaseBody,
  caseFactory,
  caseOnce,
  openTask,
  readCase,
  standing,
  timelineOf,
  walk,
} from '../support/api/case-walk.ts';
import { type Body, firstExample } from '../support/api/door.ts';
import { doorOfThisFile } from '../support/api/door-of-this-file.ts';

const door = doorOfThisFile();
const newCase = caseFactory(() => door);

const names = Object.keys(actions) as ActionName[];
const endings: ActionName[] = ['reject', 'cancel', 'close'];
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString();

/** A good body for each action, on the case as it is. */
function bodyFor(action: ActionName, { blockers }: CaseBody): Body {
  const loan = blockers.find(({ kind }) => kind === 'openLoan')?.id ?? 'loan1';
  const more: { [Name in ActionName]?: Body } = {
    hold: { holdReason: 'awaitingCustomer' },
    reassign: { assignee: 'ST-12' },
    divert: { service: 'parts' },
    waive: { blocker: blockers.find(({ waivable }) => waivable)?.id ?? 'loan1' },
    extendLoan: { loan, dueAt: inAMonth() },
    writeOffLoan: {
      loan,
      lines: [{ partNumber: 'HP-PUMP-230', quantity: 1 }],
      chargeTo: 'company',
    },
  };
  return { reason: 'As agreed on the phone.', ...more[action] };
}

const act = (caseNumber: string, action: string, role: Role, body: Body, key?: string) =>
  door.call('POST', `/v1/cases/${caseNumber}/actions/${action}`, role, body, key);

async function asSeenBy(role: Role, caseNumber: string): Promise<ActionName[]> {
  const { body } = await door.call('GET', `/v1/cases/${caseNumber}`, role);
  return body.allowedActions as ActionName[];
}

const refusals = async (caseNumber: string) =>
  (await timelineOf(door, caseNumber)).filter((line) => line.kind === 'refused').length;

/** Every action that a role is not offered is refused, audited, and leaves the case as it was. */
async function unlistedAreRefused(caseNumber: string): Promise<void> {
  const before = await caseOnce(
    door,
    caseNumber,
    // a message on its way shows as waiting, also of a case that has ended
    ({ waitingOn }) => waitingOn?.who !== 'notification',
  );
  const known = await refusals(caseNumber);
  let refused = 0;
  for (const role of roles) {
    const listed = await asSeenBy(role, caseNumber);
    for (const action of names.filter((name) => !listed.includes(name))) {
      const given = await act(caseNumber, action, role, bodyFor(action, before));
      // the loan of a case that has none is no such loan
      expect([403, 409, ...(action.endsWith('Loan') ? [422] : [])], `${role} ${action}`).toContain(
        given.status,
      );
      refused += 1;
    }
  }
  expect(standing(await readCase(door, caseNumber))).toEqual(standing(before));
  expect(await refusals(caseNumber)).toBe(known + refused);
}

/** Every action that a role is offered succeeds, those that end the case apart. */
async function listedSucceed(caseNumber: string): Promise<Set<string>> {
  const done = new Set<string>();
  for (const role of roles) {
    for (const action of names.filter((name) => !endings.includes(name))) {
      const found = await readCase(door, caseNumber);
      if (!(await asSeenBy(role, caseNumber)).includes(action)) continue;
      const given = await act(caseNumber, action, role, bodyFor(action, found));
      expect([given.status, role, action, given.body.detail]).toEqual([
        200,
        role,
        action,
        undefined,
      ]);
      done.add(action);
    }
  }
  return done;
}

test('at triage, what is offered succeeds and what is not is refused', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber, 'reportPhoneTriage');
  await unlistedAreRefused(caseNumber);
  const done = await listedSucceed(caseNumber);
  expect([...done].sort()).toEqual([
    'acknowledge',
    'escalate',
    'hold',
    'note',
    'reassign',
    'resume',
  ]);
});

test.each(['hotline', 'supervisor'] as const)(
  '%s cancels; from then on everything is 409 or 403',
  async (role) => {
    const caseNumber = await newCase();
    await openTask(door, caseNumber);
    expect(
      (await act(caseNumber, 'cancel', role, { reason: 'Withdrawn by the customer.' })).status,
    ).toBe(200);
    await caseOnce(
      door,
      caseNumber,
      ({ status, openTasks }) => status === 'canceled' && openTasks.length === 0,
    );
    await unlistedAreRefused(caseNumber);
    expect(await act(caseNumber, 'cancel', role, { reason: 'Again.' })).toMatchObject({
      status: 409,
      body: { code: 'illegalTransition', currentStatus: 'canceled', allowedActions: [] },
    });
  },
);

test('a case does not close over an open loan unless it is waived by name', async () => {
  const opened = await door.call('POST', '/v1/cases', 'hotline', firstExample(), randomUUID());
  const caseNumber = String(opened.body.caseNumber);
  await walk(door, caseNumber, ({ openTasks }) =>
    openTasks.some(({ name }) => name === 'reportReturn'),
  );
  // the loan asks for its parts as soon as it hears from the case, which may show so a moment later
  const blocked = await caseOnce(door, caseNumber, ({ stage }) => stage === 'returningParts');
  const close = () => act(caseNumber, 'close', 'supervisor', { reason: 'Done.' });
  expect(await close()).toMatchObject({
    status: 409,
    body: { code: 'blocked', blockers: blocked.blockers },
  });
  await unlistedAreRefused(caseNumber);
  expect(
    (await act(caseNumber, 'extendLoan', 'partsKeeper', bodyFor('extendLoan', blocked))).status,
  ).toBe(200);
  const noLoan = { ...bodyFor('writeOffLoan', blocked), loan: 'loan9' };
  expect((await act(caseNumber, 'writeOffLoan', 'supervisor', noLoan)).body).toMatchObject({
    errors: [{ pointer: '/loan' }],
  });
  const waiveAll = async () => {
    const { blockers } = await readCase(door, caseNumber);
    for (const { id } of blockers.filter(({ waivable }) => waivable)) {
      const body = { reason: 'Trusted.', blocker: id };
      const waived = await act(caseNumber, 'waive', 'supervisor', body);
      expect(waived.status).toBe(200);
    }
  };
  await waiveAll();
  await openTask(door, caseNumber, 'recordCallback');
  await waiveAll();
  await caseOnce(door, caseNumber, ({ status }) => status === 'closed');
  // the loan outlives its case, and so do its two actions
  expect(await asSeenBy('partsKeeper', caseNumber)).toEqual(['extendLoan']);
  expect(
    (await act(caseNumber, 'extendLoan', 'partsKeeper', bodyFor('extendLoan', blocked))).status,
  ).toBe(200);
  expect(
    await act(caseNumber, 'cancel', 'supervisor', { reason: 'It broke again.' }),
  ).toMatchObject({
    status: 409,
    body: { code: 'illegalTransition', currentStatus: 'closed' },
  });
});

test('the body is checked after the role and before the state', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber);
  expect((await act(caseNumber, 'resume', 'support', {})).status).toBe(403);
  expect(await act(caseNumber, 'resume', 'hotline', {})).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/reason' }] },
  });
  expect((await act(caseNumber, 'resume', 'hotline', { reason: 'Now.' })).status).toBe(409);
  expect(
    await act(caseNumber, 'reassign', 'supervisor', { reason: 'x', assignee: 'ST-999' }),
  ).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/assignee', detail: 'unknown staffNumber' }] },
  });
  for (const unknown of ['explode', 'toString', '__proto__', '%20'])
    expect((await act(caseNumber, unknown, 'supervisor', { reason: 'x' })).status).toBe(404);
});

test('a key makes an action one action, also after it changed what is possible', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber);
  const hold = (key: string, reason = 'Waiting for the site to open.') =>
    act(caseNumber, 'hold', 'hotline', { reason, holdReason: 'awaitingCustomer' }, key);
  expect((await hold('k1')).body).toMatchObject({
    status: 'onHold',
    holdReason: 'awaitingCustomer',
  });
  expect((await hold('k1')).status).toBe(200);
  expect((await hold('k1', 'Another reason.')).body).toMatchObject({
    code: 'idempotencyKeyReused',
  });
  expect((await hold('k2')).body).toMatchObject({
    code: 'illegalTransition',
    currentStatus: 'onHold',
  });
  const held = (await timelineOf(door, caseNumber)).filter((line) => line.kind === 'caseHeld');
  expect(held).toHaveLength(1);
});

test('without a key the same word later is another word', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber);
  const escalate = () =>
    act(caseNumber, 'escalate', 'supervisor', { reason: 'Customer calls again.' });
  expect((await escalate()).body.alertLevel).toBe(1);
  expect((await escalate()).body.alertLevel).toBe(2);
});

test('a note’s text stays in the database, its reason is on the timeline', async () => {
  const caseNumber = await newCase();
  await openTask(door, caseNumber);
  const note = { reason: 'Call from the site.', text: 'Unmistakable Person called.' };
  expect((await act(caseNumber, 'note', 'quality', note)).status).toBe(200);
  const history = await door.world.client.workflow.getHandle(caseNumber).fetchHistory();
  const payloads = [...JSON.stringify(history).matchAll(/"data":"([^"]+)"/g)];
  const decoded = payloads.map(([, data]) => Buffer.from(data ?? '', 'base64').toString()).join();
  expect(decoded).toContain('Call from the site.');
  expect(decoded).not.toContain('Unmistakable');
});
