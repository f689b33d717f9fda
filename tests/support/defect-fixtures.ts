/** Failures of school switches, and a report that has put an action in place: what tests of defects begin with. */
import type { Sql } from '../../db/connect.ts';
import type { NewCase } from '../../services/cases/index.ts';
import type { Stores } from '../../services/stores.ts';
import { newCase, openedCase, progress, view } from './fixtures.ts';

export const dayMs = 86_400_000;
const start = Date.parse('2026-06-01T00:00:00.000Z');
export const day = (number: number): string => new Date(start + number * dayMs).toISOString();
export const school = (number: number): string => `NET-SCH-${String(number).padStart(4, '0')}`;

interface Database {
  sql: Sql;
  stores: Stores;
}

/** A record of a failure of that school's switch, of a case of its own. */
export async function failed(
  { stores }: Database,
  number: number,
  onDay: number,
  faultCode: string,
  windowDays = 90,
) {
  const caseNumber = await openedCase(stores);
  return stores.defects.effects.recordFailure({
    effectKey: `${caseNumber}/1/defects.recordFailure/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    serialNumber: school(number),
    faultCode,
    causeCode: null,
    remedyCode: 'REPLACED',
    failedAt: day(onDay),
    windowMs: windowDays * dayMs,
  });
}

/** A report of that fault at the door. */
export const reportOf = (faultCode: string, more: Partial<NewCase> = {}): NewCase => {
  const made = newCase({ flow: 'defectReport', firstStage: 'analysing', allowDuplicate: false });
  return {
    ...made,
    plan: {
      ...made.plan,
      productModel: 'NET-SW48',
      faultCode,
      twinKey: `NET-SW48/${faultCode}`,
      source: { kind: 'suggestion', caseNumber: null },
    },
    customerNumber: null,
    serialNumber: null,
    faultCode,
    openedAt: day(10),
    ...more,
  };
};

/** A report whose action was in place on `inPlace` and is checked 30 days later; its workflow has closed. */
export async function closedReport(
  { stores }: Database,
  faultCode: string,
  treatedSerials: string[] | null,
  inPlace = 40,
) {
  const { cases, progress: told, defects } = stores;
  const opened = await cases.open(reportOf(faultCode));
  if (opened.kind !== 'created') throw new Error(opened.kind);
  const { caseNumber } = opened;
  await told.claimCycle({ caseNumber, cycle: 1, firstExecutionRunId: 'run-1' });
  await defects.effects.registerAction({
    effectKey: `${caseNumber}/1/defects.registerAction/1`,
    caseNumber,
    cycle: 1,
    productModel: 'NET-SW48',
    faultCode,
    actionCode: 'PSU-REV-B',
    affectedModels: ['NET-SW48'],
    treatedSerials,
    inPlaceAt: day(inPlace),
    checkAt: day(inPlace + 30),
  });
  const closed = view(caseNumber, {
    flow: 'defectReport',
    status: 'closed',
    outcome: 'correctiveActionInPlace',
    closedAt: day(inPlace),
    facts: { effectCheck: { state: 'waiting' } },
  });
  await told.record(progress(caseNumber, 1, { view: closed }));
  const check = () =>
    defects.effects.checkEffect({
      effectKey: `${caseNumber}/effectCheck1/1/defects.checkEffect/1`,
      caseNumber,
      cycle: 1,
      atMostPercent: 25,
      checkedAt: day(inPlace + 30),
      firstStage: 'analysing',
    });
  return { caseNumber, check };
}

/** A code of the test's own, so that no other test's failures count. */
export async function newFault({ sql }: Database, code: string): Promise<string> {
  await sql`insert into fault_codes (fault_code, title_en, title_zh, product_class)
    values (${code}, 'x', 'x', 'itProduct')`;
  return code;
}
