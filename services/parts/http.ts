/** The parts service of a partner. */
import { createPartnerClient } from '../partner/client.ts';
import type { PartnerAddress } from '../partner/exchange.ts';
import { partsContract } from '../partner/parts-contract.ts';
import type { PartsService } from './index.ts';

export const createHttpParts = (settings: PartnerAddress): PartsService =>
  createPartnerClient<PartsService>(partsContract, 'parts', settings);
