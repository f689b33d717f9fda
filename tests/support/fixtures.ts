import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { connect, type Sql } from '../../db/connect.ts';
import type { CaseProgress, CaseView, OpenTask, TimelineEvent } from '../../domain/case.ts';
import { planInWarrantyRepair } from '../../domain/flows/in-warranty-repair/plan.ts';
import type { SendRequest } from '../../domain/message.ts';
import type { NewCase } from '../../services/cases/index.ts';
import { createStores, type Stores } from '../../services/stores.ts';
import { policies } from '../../setup/demo-data/policies.ts';
import { createDatabase } from './database.ts';

/** One database per test file, filled with demo data; connections are made before the first test and ended after the last. */
export function databaseOfThisFile(max = 20): {
  readonly sql: Sql;
  readonly stores: Stores;
  readonly url: string;
} {
  const held: { sql?: Sql; stores?: Stores; url?: string; drop?: () => Promise<void> } = {};
  beforeAll(async () => {
    const database = await createDatabase();
    held.url = database.url;
    held.drop = database.drop;
    held.sql = connect(database.url, { max });
    held.stores = createStores(held.sql);
  });
  afterAll(async () => {
    await held.sql?.end({ timeout: 5 });
    await held.drop?.();
  });
  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the database is not up yet');
    return value;
  };
  return {
    get sql() {
      return ready(held.sql);
    },
    get stores() {
      return ready(held.stores);
    },
    get url() {
      return ready(held.url);
    },
  };
}

export const hotline = { id: 'ST-01', role: 'hotline' } as const;
export const engineer = { id: 'ST-02', role: 'engineer' } as const;
const openedAt = '2026-11-22T06:00:00.000Z';

const planned = planInWarrantyRepair(
  {
    request: {
      customerNumber: 'CU-1001',
      serialNumber: 'ZE230E-000117',
      channel: 'phone',
      contact: { name: 'Li Wei', phone: '1' },
      fault: { code: 'HYD-PUMP-LOSS', description: 'no pressure' },
    },
    now: openedAt,
    because: [],
    override: null,
    source: null,
  },
  {
    asset: {
      serialNumber: 'ZE230E-000117',
      customerNumber: 'CU-1001',
      productModel: 'ZE230E',
      productClass: 'heavyEquipment',
      territory: 'north',
      installedOn: '2026-03-22',
      purchasedOn: null,
      manufacturedOn: null,
      term: { months: 24, basis: 'installed' },
      contract: null,
    },
    fault: { code: 'HYD-PUMP-LOSS', skill: 'hydraulics' },
    policy: { name: 'heavyEquipment', version: 1, body: policyBody() },
    kit: [],
  },
);

function policyBody() {
  const [policy] = policies;
  if (!policy) throw new Error('no demo policy');
  return policy.body;
}

/** A case at the door; each with a key of its own unless told. */
export function newCase(more: Partial<NewCase> = {}): NewCase {
  if (!('plan' in planned)) throw new Error('the demo machine is out of warranty');
  const { serialNumber = 'ZE230E-000117', faultCode = 'HYD-PUMP-LOSS' } = more;
  return {
    key: randomUUID(),
    bodyHash: 'a',
    scope: 'ST-01',
    flow: 'inWarrantyRepair',
    firstStage: 'phoneTriage',
    plan: { ...planned.plan, twinKey: `${serialNumber}/${faultCode}` },
    contact: { name: 'Li Wei', phone: '+86 1' },
    faultText: 'no pressure',
    customerNumber: 'CU-1001',
    serialNumber: 'ZE230E-000117',
    faultCode: 'HYD-PUMP-LOSS',
    allowDuplicate: true,
    openedBy: hotline,
    openedAt,
    ...more,
  };
}

/** Opens a case, whatever else is open, and says its number. */
export async function openedCase(stores: Stores, more: Partial<NewCase> = {}): Promise<string> {
  const opened = await stores.cases.open(newCase(more));
  if (opened.kind !== 'created') throw new Error(opened.kind);
  return opened.caseNumber;
}

/** The request for a message to the customer of a case. */
export const messageOf = (
  caseNumber: string,
  sequence: number,
  more: Partial<SendRequest> = {},
): SendRequest => ({
  effectKey: `${caseNumber}/1/message/${sequence}`,
  caseNumber,
  sequence,
  template: 'applicationConfirmed',
  recipient: { kind: 'customer', caseNumber },
  params: {},
  ...more,
});

export const task = (id: string, more: Partial<OpenTask> = {}): OpenTask => ({
  id,
  name: id.split('-')[0] ?? id,
  role: 'engineer',
  assignee: null,
  openedAt,
  dueAt: null,
  stage: 'repairing',
  context: {},
  ...more,
});

export const event = (kind: string, more: Partial<TimelineEvent> = {}): TimelineEvent => ({
  kind,
  at: openedAt,
  actor: engineer,
  reason: null,
  subject: null,
  updateId: null,
  detail: {},
  ...more,
});

export const view = (caseNumber: string, more: Partial<CaseView> = {}): CaseView => ({
  caseNumber,
  flow: 'inWarrantyRepair',
  cycle: 1,
  status: 'inProgress',
  stage: 'repairing',
  severity: 'medium',
  alertLevel: 0,
  alertAcknowledged: false,
  holdReason: null,
  assignee: null,
  clocks: [],
  nextDueAt: null,
  waitingOn: null,
  blockers: [],
  waivers: [],
  outcome: null,
  closedAt: null,
  facts: {},
  ...more,
});

/** One step of a case's own workflow. */
export function progress(
  caseNumber: string,
  revision: number,
  more: Partial<CaseProgress> = {},
): CaseProgress {
  const workflowId = more.workflowId ?? caseNumber;
  return {
    effectKey: `${workflowId}/1/progress/${revision}`,
    caseNumber,
    workflowId,
    runId: 'run-1',
    cycle: 1,
    revision,
    view: view(caseNumber),
    openTasks: [],
    events: [],
    ...more,
  };
}
