/** What every operation of a service has in common. Nothing is booked here by a partner that keeps to it. */
import { contracts, type ServiceName } from './contract.ts';
import { exchange } from './exchange.ts';
import type { Operation } from './operations.ts';
import { sampleOf } from './sample.ts';
import { need, type Requirement, type Trial } from './trial.ts';

type Named = [name: string, operation: Operation];

/** Tried on each operation of the contract. Without a token of ours nobody's can be wrong. */
export function commonRequirements(
  service: ServiceName,
  { address: { token } }: Trial,
): Requirement[] {
  const all: Named[] = Object.entries(contracts[service]);
  const effects = all.filter(([, { kind }]) => kind === 'effect');
  const refused = (trial: Trial, name: string, body: string, key: string | null) =>
    needStatus(trial, `${service}/${name}`, { body, key }, [400, 422]);
  const keyOf = ({ key }: Trial, { kind }: Operation) => (kind === 'effect' ? key() : null);
  const wrongToken: Requirement = {
    name: 'a call with a wrong token is refused with 401',
    async meet(trial) {
      const address = { ...trial.address, token: 'wrong' };
      for (const [name, operation] of all) {
        const call = { body: JSON.stringify(sampleOf(operation)), key: keyOf(trial, operation) };
        await needStatus({ ...trial, address }, `${service}/${name}`, call, [401]);
      }
    },
  };
  return [
    {
      name: 'a body that is not JSON is refused for good',
      async meet(trial) {
        for (const [name, operation] of all)
          await refused(trial, name, '{', keyOf(trial, operation));
      },
    },
    {
      name: 'a body of another shape is refused for good',
      async meet(trial) {
        for (const [name, operation] of all)
          for (const body of ['{"tea":1}', '[]'])
            await refused(trial, name, body, keyOf(trial, operation));
      },
    },
    {
      name: 'an effect without Idempotency-Key is refused for good',
      async meet(trial) {
        for (const [name, operation] of effects)
          await refused(trial, name, JSON.stringify(sampleOf(operation)), null);
      },
    },
    ...(token === null ? [] : [wrongToken]),
  ];
}

async function needStatus(
  { address }: Trial,
  path: string,
  { body, key }: { body: string; key: string | null },
  allowed: number[],
): Promise<void> {
  const { status } = await exchange(address, path, body, key);
  need(allowed.includes(status), `${path}: expected ${allowed.join(' or ')}, got ${status}`);
}
