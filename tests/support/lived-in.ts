import { afterAll } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import { createDispatch } from '../../services/dispatch/built-in.ts';
import { createNotification } from '../../services/notification/built-in.ts';
import { createParts } from '../../services/parts/built-in.ts';
import { createStores } from '../../services/stores.ts';
import { createDatabase } from './database.ts';
import { engineer, event, openedCase, progress, task, view } from './fixtures.ts';

const kit = [{ partNumber: 'HP-PUMP-230', quantity: 1 }];
export const at = '2026-11-22T08:00:00.000Z';
export const until = '2026-11-22T10:00:00.000Z';
const open: { sql: Sql; drop: () => Promise<void> }[] = [];
afterAll(async () => {
  for (const { sql, drop } of open) {
    await sql.end({ timeout: 5 });
    await drop();
  }
});

/** A database in which one case has gone far: reserved, lent, visited, told, recorded, signed. */
export async function livedIn() {
  const database = await createDatabase();
  const sql = connect(database.url, { max: 2 });
  open.push({ sql, drop: database.drop });
  const stores = createStores(sql);
  const caseNumber = await openedCase(stores);
  const parts = createParts(sql);
  const loanNumber = `${caseNumber}/loan1`;
  for (const key of ['lent', 'held', 'freed'])
    await parts.effects.reserve({ effectKey: key, caseNumber, territory: 'north', lines: kit });
  await parts.effects.issueLoan({
    effectKey: 'issue',
    reservationKey: 'lent',
    loanNumber,
    caseNumber,
    borrower: 'ST-02',
    issuedAt: at,
    dueAt: until,
  });
  await parts.effects.release({ effectKey: 'release', reservationKey: 'freed' });
  const booking = {
    effectKey: 'visit',
    caseNumber,
    engineerNumber: 'EN-01',
    start: at,
    end: until,
  };
  await createDispatch(sql).effects.book(booking);
  for (const sequence of [1, 2]) {
    await createNotification(sql).effects.send({
      effectKey: `${caseNumber}/1/message/${sequence}`,
      caseNumber,
      sequence,
      template: 'alert',
      recipient: { kind: 'role', role: 'supervisor', territory: 'north' },
      params: {},
    });
  }
  const { digest } = await stores.records.effects.createServiceRecord({
    effectKey: 'record',
    caseNumber,
    round: 1,
    documents: [],
    facts: {},
  });
  await stores.records.effects.recordSignature({
    effectKey: 'sign',
    caseNumber,
    version: 1,
    digest,
    signed: true,
    rating: 'A',
    document: null,
    by: engineer,
    at,
  });
  await stores.progress.claimCycle({ caseNumber, cycle: 1, firstExecutionRunId: 'run-1' });
  await stores.progress.record(progress(caseNumber, 1, { openTasks: [task('reportRepair-1')] }));
  await stores.progress.record(
    progress(caseNumber, 2, {
      openTasks: [task('reportMachineCheck-1')],
      events: [event('taskAnswered', { subject: 'reportRepair-1', updateId: 'u-1' })],
    }),
  );
  const end = () =>
    stores.progress.record(
      progress(caseNumber, 3, { view: view(caseNumber, { status: 'closed' }) }),
    );
  return { sql, stores, caseNumber, loanNumber, end };
}
