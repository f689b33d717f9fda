/** The contract with partners: what a company's own parts, dispatch or message system has to answer. */
import { dispatchContract } from './dispatch-contract.ts';
import { notificationContract } from './notification-contract.ts';
import { type Contract, operationsOf } from './operations.ts';
import { partsContract } from './parts-contract.ts';

/** The services that may be a partner's. */
export const serviceNames = ['parts', 'dispatch', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Every operation at `POST <url>/<service>/<operation>`. */
export const contracts: Record<ServiceName, Contract> = {
  parts: operationsOf(partsContract),
  dispatch: operationsOf(dispatchContract),
  notification: operationsOf(notificationContract),
};
