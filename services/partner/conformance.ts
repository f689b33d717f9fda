/** What a partner's service must do, as requirements that can be tried one by one against a running one. */
import { randomUUID } from 'node:crypto';
import { toServiceFailure } from '../../db/failures.ts';
import type { DispatchService } from '../dispatch/index.ts';
import type { PartsService } from '../parts/index.ts';
import { createPartnerClient } from './client.ts';
import { dispatchRequirements } from './conformance-dispatch.ts';
import { notificationRequirements } from './conformance-notification.ts';
import { partsRequirements } from './conformance-parts.ts';
import { contracts, type ServiceName } from './contract.ts';
import { exchange, type PartnerAddress } from './exchange.ts';
import type { MessageGateway } from './notification-contract.ts';
import { type Facts, need, type Requirement, type Trial, Unmet } from './trial.ts';

/** How a requirement was met: `wrong` is null when it was. */
export interface Finding {
  name: string;
  wrong: string | null;
}

const requirements: Record<ServiceName, Requirement[]> = {
  parts: partsRequirements,
  dispatch: dispatchRequirements,
  notification: notificationRequirements,
};

/** Tries every requirement of these services, one after another; `tell` hears of each. */
export async function tryPartner(
  address: PartnerAddress,
  services: ServiceName[],
  facts: Facts,
  tell: (finding: Finding) => void,
): Promise<Finding[]> {
  const trial = newTrial(address, facts);
  const findings: Finding[] = [];
  for (const service of services)
    for (const requirement of [...common(service, trial), ...requirements[service]]) {
      const finding = {
        name: `${service}: ${requirement.name}`,
        wrong: await tried(requirement, trial),
      };
      findings.push(finding);
      tell(finding);
    }
  return findings;
}

async function tried({ meet }: Requirement, trial: Trial): Promise<string | null> {
  try {
    await meet(trial);
    return null;
  } catch (error) {
    if (error instanceof Unmet) return error.message;
    const { type, message } = toServiceFailure(error);
    return type === 'RequestRefused' && error instanceof TypeError
      ? String(error)
      : `${type}: ${message}`;
  }
}

function newTrial(address: PartnerAddress, facts: Facts): Trial {
  const run = randomUUID();
  let keys = 0;
  return {
    address,
    parts: createPartnerClient<PartsService>(contracts.parts, 'parts', address),
    dispatch: createPartnerClient<DispatchService>(contracts.dispatch, 'dispatch', address),
    notification: createPartnerClient<MessageGateway>(
      contracts.notification,
      'notification',
      address,
    ),
    facts,
    caseNumber: `C-9${String(Date.now()).slice(-11)}`,
    key: () => `partner-check/${run}/${++keys}`,
  };
}

/** What every operation has in common, tried on one effect and one question of the service. */
function common(service: ServiceName, { address: { token } }: Trial): Requirement[] {
  const entries = Object.entries(contracts[service]);
  const [effect = ''] = entries.find(([, { kind }]) => kind === 'effect') ?? [];
  const [question = ''] = entries.find(([, { kind }]) => kind === 'question') ?? [];
  const post = async ({ address, key }: Trial, name: string, body: string, keyed = true) =>
    (await exchange(address, `${service}/${name}`, body, keyed ? key() : null)).status;
  const refused = (status: number) =>
    need(
      status >= 400 && status < 500 && ![401, 404, 405, 408, 429].includes(status),
      `expected a 4xx that refuses this request, got ${status}`,
    );
  const wrongToken: Requirement = {
    name: 'a call with a wrong token is refused with 401',
    meet: async (trial) => {
      const address = { ...trial.address, token: 'wrong' };
      const status = await post({ ...trial, address }, question, '{}', false);
      need(status === 401, `expected 401, got ${status}`);
    },
  };
  return [
    {
      name: 'a body that is not JSON is refused for good',
      meet: async (trial) => refused(await post(trial, effect, '{')),
    },
    {
      name: 'a body of another shape is refused for good',
      meet: async (trial) => {
        refused(await post(trial, effect, '{"tea":1}'));
        refused(await post(trial, question, '[]', false));
      },
    },
    {
      name: 'an effect without Idempotency-Key is refused for good',
      meet: async (trial) => refused(await post(trial, effect, '{}', false)),
    },
    ...(token === null ? [] : [wrongToken]),
  ];
}
