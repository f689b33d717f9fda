import { expect, test } from 'vitest';
import { databaseOfThisFile, engineer, openedCase } from '../support/fixtures.ts';

const database = databaseOfThisFile();
const at = '2026-11-22T09:00:00.000Z';

async function recordedCase() {
  const caseNumber = await openedCase(database.stores);
  const { records } = database.stores;
  await records.keepAnswer({
    documentId: `${caseNumber}/doc`,
    caseNumber,
    taskId: 'writeServiceRecord-1',
    body: { workDone: 'new pump' },
  });
  const write = (effectKey: string, facts = { laborMinutes: 90 }) =>
    records.effects.createServiceRecord({
      effectKey: `${caseNumber}/${effectKey}`,
      caseNumber,
      round: 1,
      documents: [`${caseNumber}/doc`],
      facts,
    });
  const sign = (version: number, digest: string, effectKey = 'sign-1') =>
    records.effects.recordSignature({
      effectKey: `${caseNumber}/${effectKey}`,
      caseNumber,
      version,
      digest,
      signed: true,
      rating: 'A',
      document: null,
      by: engineer,
      at,
    });
  return { caseNumber, write, sign };
}

test('a signature holds for the version that was shown, and not for a later one (N15)', async () => {
  const { caseNumber, write, sign } = await recordedCase();
  const first = await write('record-1');
  await sign(first.version, first.digest);
  const second = await write('record-2', { laborMinutes: 120 });
  const versions = await database.stores.records.questions.serviceRecords(caseNumber);
  expect(
    versions.map(({ version, signatures }) => [
      version,
      signatures.map((one) => one.signatureValid),
    ]),
  ).toEqual([
    [1, [true]],
    [2, []],
  ]);
  expect(second.digest).not.toBe(first.digest);
  expect(versions[0]?.body).toMatchObject({
    laborMinutes: 90,
    documents: { 'writeServiceRecord-1': { workDone: 'new pump' } },
  });
});

test('a signature for another digest is refused', async () => {
  const { write, sign } = await recordedCase();
  const { version } = await write('record-1');
  await expect(sign(version, 'f'.repeat(64))).rejects.toMatchObject({ type: 'DigestMismatch' });
});

test('a record changed behind our back no longer verifies', async () => {
  const { caseNumber, write, sign } = await recordedCase();
  const { version, digest } = await write('record-1');
  await sign(version, digest);
  await expect(database.sql`update service_records set body = '{}'`).rejects.toMatchObject({
    code: '23001',
  });
  await database.sql`alter table service_records disable trigger service_records_immutable`;
  await database.sql`update service_records set body = body || '{"laborMinutes": 1}' where case_number = ${caseNumber}`;
  await database.sql`alter table service_records enable trigger service_records_immutable`;
  const [record] = await database.stores.records.questions.serviceRecords(caseNumber);
  expect(record?.signatures.map((one) => one.signatureValid)).toEqual([false]);
});

test("each effect is done once per key, and a key is never another request's", async () => {
  const { caseNumber, write, sign } = await recordedCase();
  const { records } = database.stores;
  const first = await write('record-1');
  expect(await write('record-1')).toEqual(first);
  await expect(write('record-1', { laborMinutes: 1 })).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
  await sign(first.version, first.digest);
  await sign(first.version, first.digest);
  const claim = { effectKey: `${caseNumber}/claim`, caseNumber, slipNumber: 'SLIP-1', lines: [] };
  expect(await records.effects.registerWarrantyClaim(claim)).toEqual(
    await records.effects.registerWarrantyClaim(claim),
  );
  await expect(
    records.effects.registerWarrantyClaim({ ...claim, slipNumber: 'SLIP-2' }),
  ).rejects.toMatchObject({ type: 'EffectKeyReused' });
  const article = {
    effectKey: `${caseNumber}/kb`,
    caseNumber,
    productModel: 'ZE230E',
    faultCode: 'HYD-PUMP-LOSS',
    causeCode: null,
    remedyCode: 'REPLACED',
    parts: [],
    documents: [],
  };
  expect(await records.effects.fileKnowledge(article)).toEqual(
    await records.effects.fileKnowledge(article),
  );
});

test('a claim that was withdrawn stands no longer, and one that comes later is refused (D3)', async () => {
  const { caseNumber } = await recordedCase();
  const { records } = database.stores;
  const claim = (name: string) => ({
    effectKey: `${caseNumber}/${name}`,
    caseNumber,
    slipNumber: 'SLIP-1',
    lines: [],
  });
  const withdraw = (name: string) =>
    records.effects.withdrawWarrantyClaim({
      effectKey: `${caseNumber}/${name}/undo`,
      caseNumber,
      reason: 'canceled',
      claimKey: `${caseNumber}/${name}`,
    });
  await records.effects.registerWarrantyClaim(claim('first'));
  await withdraw('first');
  await withdraw('first');
  await records.effects.registerWarrantyClaim(claim('first')); // a repetition that was lost on its way
  await withdraw('second');
  await expect(records.effects.registerWarrantyClaim(claim('second'))).rejects.toMatchObject({
    type: 'EffectKeyReused',
  });
  const claims =
    await database.sql`select withdrawn_at is not null as withdrawn, withdraw_reason as reason
    from warranty_claims where case_number = ${caseNumber}`;
  expect(claims).toEqual([{ withdrawn: true, reason: 'canceled' }]);
});

test('a cancel withdraws the claim that the case never heard of, and none of another case', async () => {
  const { records } = database.stores;
  const [{ caseNumber }, other] = await Promise.all([recordedCase(), recordedCase()]);
  for (const number of [caseNumber, other.caseNumber])
    await records.effects.registerWarrantyClaim({
      ...{ effectKey: `${number}/claim/lost`, caseNumber: number, slipNumber: 'SLIP-1', lines: [] },
    });
  await records.effects.withdrawWarrantyClaim({
    ...{ effectKey: `${caseNumber}/claim/undo`, caseNumber, reason: 'canceled' },
    claimKey: `${caseNumber}/claim`,
  });
  const standing = await database.sql`select case_number as number from warranty_claims
    where withdrawn_at is null and case_number in (${caseNumber}, ${other.caseNumber})`;
  expect(standing).toEqual([{ number: other.caseNumber }]);
});

test('twenty records of one case at once get twenty versions', async () => {
  const { write } = await recordedCase();
  const written = await Promise.all(Array.from({ length: 5 }, (_, n) => write(`record-${n}`)));
  expect(written.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
});

test('the archive code is customer, case and day, and says how long it is kept', async () => {
  const caseNumber = await openedCase(database.stores);
  const entry = {
    effectKey: `${caseNumber}/archive`,
    caseNumber,
    customerNumber: 'CU-1001',
    serviceType: 'repair',
    closedAt: at,
    retainUntil: '2029-11-21T09:00:00.000Z',
  };
  expect(await database.stores.records.effects.archiveCase(entry)).toEqual({
    archiveCode: `CU-1001-${caseNumber}-20261122`,
  });
  expect(await database.stores.records.effects.archiveCase(entry)).toEqual({
    archiveCode: `CU-1001-${caseNumber}-20261122`,
  });
  expect(await database.stores.records.questions.archive(caseNumber)).toMatchObject({
    retainUntil: '2029-11-21T09:00:00.000Z',
  });
  // a further cycle that ends on the same day
  const again = { ...entry, effectKey: `${caseNumber}/2/records.archiveCase/101` };
  for (const _ of [1, 2])
    expect(await database.stores.records.effects.archiveCase(again)).toEqual({
      archiveCode: `CU-1001-${caseNumber}-20261122-2`,
    });
});

test("an answer's personal part is kept once, and never replaced", async () => {
  const caseNumber = await openedCase(database.stores);
  const document = {
    documentId: `${caseNumber}/d`,
    caseNumber,
    taskId: 't-1',
    body: { text: '{{ braces }} 用户' },
  };
  await database.stores.records.keepAnswer(document);
  await database.stores.records.keepAnswer(document);
  await expect(database.stores.records.keepAnswer({ ...document, body: {} })).rejects.toMatchObject(
    { type: 'DocumentChanged' },
  );
  expect(await database.stores.records.questions.getAnswer(document.documentId)).toEqual(document);
  expect(await database.stores.records.questions.getAnswer('nope')).toBeNull();
});
