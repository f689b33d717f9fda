/** The dispatch service of a partner. */
import { createPartnerClient } from '../partner/client.ts';
import { dispatchContract } from '../partner/dispatch-contract.ts';
import type { PartnerAddress } from '../partner/exchange.ts';
import type { DispatchService } from './index.ts';

export const createHttpDispatch = (settings: PartnerAddress): DispatchService =>
  createPartnerClient<DispatchService>(dispatchContract, 'dispatch', settings);
