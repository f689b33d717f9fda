/** What a partner's service must do, as requirements that can be tried one by one against a running one. */
import { randomUUID } from 'node:crypto';
import { toServiceFailure } from '../../db/failures.ts';
import type { DispatchService } from '../dispatch/index.ts';
import type { PartsService } from '../parts/index.ts';
import { createPartnerClient } from './client.ts';
import { commonRequirements } from './conformance-common.ts';
import { dispatchRequirements } from './conformance-dispatch.ts';
import { loanRequirements } from './conformance-loans.ts';
import { notificationRequirements } from './conformance-notification.ts';
import { partsRequirements } from './conformance-parts.ts';
import type { ServiceName } from './contract.ts';
import { dispatchContract } from './dispatch-contract.ts';
import type { PartnerAddress } from './exchange.ts';
import { type MessageGateway, notificationContract } from './notification-contract.ts';
import { operationsOf } from './operations.ts';
import { partsContract } from './parts-contract.ts';
import { type Facts, type Requirement, type Trial, Unmet } from './trial.ts';

/** How a requirement was met: `wrong` is null when it was. */
export interface Finding {
  name: string;
  wrong: string | null;
}

const requirements: Record<ServiceName, Requirement[]> = {
  parts: [...partsRequirements, ...loanRequirements],
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
    for (const requirement of [...commonRequirements(service, trial), ...requirements[service]]) {
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
    parts: operationsOf(createPartnerClient<PartsService>(partsContract, 'parts', address)),
    dispatch: operationsOf(
      createPartnerClient<DispatchService>(dispatchContract, 'dispatch', address),
    ),
    notification: operationsOf(
      createPartnerClient<MessageGateway>(notificationContract, 'notification', address),
    ),
    facts,
    caseNumber: `C-9${String(Date.now()).slice(-11)}`,
    key: () => `partner-check/${run}/${++keys}`,
  };
}
