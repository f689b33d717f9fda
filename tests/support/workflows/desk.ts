/** Everybody who works on a case, without the door between: opens cases and answers their tasks by updates. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { createTemporalEngine } from '../../../api/temporal.ts';
import { flowDefinition } from '../../../domain/catalogue.ts';
import type { OpenRequest } from '../../../domain/plan.ts';
import type { PolicyBody } from '../../../domain/policy.ts';
import { createCaseStarter, openCase } from '../../../services/cases/index.ts';
import { createParts } from '../../../services/parts/built-in.ts';
import { createStores, type Stores } from '../../../services/stores.ts';

import type { World } from '../world.ts';
import { type Case, createCase, staffOf } from './case.ts';

export interface Opening {
  /** In-warranty repair when undefined. */
  flow?: string;
  /** Changes to the flow's first example. */
  request?: Partial<OpenRequest> & Record<string, unknown>;
  /** Changes to the policy that the plan is made by. */
  policy?: Partial<PolicyBody>;
}

export interface Desk {
  world: World;
  stores: Stores;
  open(opening?: Opening): Promise<Case>;
  /** A case that something else opened. */
  caseOf(caseNumber: string): Case;
}

/** The staff of a world. Cases of one asset and fault may stand side by side. */
export function createDesk(world: World): Desk {
  const stores = createStores(world.sql);
  const { client, namespace, engine } = world;
  const { taskQueues } = engine;
  const starter = createCaseStarter(client, {
    taskQueue: taskQueues.workflows,
    deadlineMs: 20_000,
  });
  const door = createTemporalEngine(client, { starter, namespace, taskQueues, deadlineMs: 20_000 });
  const caseOf = (caseNumber: string) => createCase({ world, stores, door, caseNumber });
  return {
    world,
    stores,
    caseOf,
    async open({ flow = 'inWarrantyRepair', request = {}, policy = {} } = {}) {
      const opened = await openCase(
        {
          cases: stores.cases,
          directory: directoryWith(stores, policy),
          parts: createParts(world.sql),
          starter,
          now: () => new Date().toISOString(),
        },
        {
          flow,
          because: ['a test'],
          scope: 'test',
          key: randomUUID(),
          actor: { id: staffOf.hotline, role: 'hotline' },
          request: { ...firstExample(flow), ...besideOthers(flow), ...request },
          source: null,
        },
      );
      if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
      return caseOf(opened.caseNumber);
    },
  };
}

function firstExample(flow: string): OpenRequest {
  const [example] = flowDefinition(flow)?.examples ?? [];
  if (!example) throw new Error(`${flow} has no example`);
  return example;
}

/** Cases of one asset and fault may stand side by side, where the flow's contract knows of duplicates. */
const besideOthers = (flow: string) =>
  'allowDuplicate' in (flowDefinition(flow)?.input.shape ?? {})
    ? { allowDuplicate: { reason: 'a test' } }
    : {};

const directoryWith = (
  { directory }: Stores,
  changes: Partial<PolicyBody>,
): Stores['directory'] => ({
  ...directory,
  async policyFor(productClass) {
    const policy = await directory.policyFor(productClass);
    return policy && { ...policy, body: { ...(policy.body as PolicyBody), ...changes } };
  },
});

/** Expects the act to be refused by the workflow, for that reason. */
export const expectRefusal = (act: Promise<unknown>, refusal: string): Promise<void> =>
  expect(act).rejects.toMatchObject({ name: 'Refused', refusal });

/** What `look` gives once `fact` holds of it; fails after 20 s with what it gave last. */
export async function eventually<T>(
  look: () => Promise<T>,
  fact: (seen: T) => boolean,
): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (fact(seen)) return seen;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)}`);
    await delay(20);
  }
}
