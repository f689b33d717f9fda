import type { OpenEmergencyResponse } from '../../domain/flows/emergency-response/opening.ts';
import { planEmergencyResponse } from '../../domain/flows/emergency-response/plan.ts';
import type { OpenInWarrantyRepair } from '../../domain/flows/in-warranty-repair/opening.ts';
import { planInWarrantyRepair } from '../../domain/flows/in-warranty-repair/plan.ts';
import type { RepairFacts } from '../../domain/repair-plan.ts';
import { gatherRepairFacts } from './facts.ts';
import { promising } from './promise.ts';

/** Promised by the facts of a repair. */
export const emergencyResponse = promising<OpenEmergencyResponse, RepairFacts>(
  gatherRepairFacts,
  planEmergencyResponse,
);

/** Promised by the facts of a repair. */
export const inWarrantyRepair = promising<OpenInWarrantyRepair, RepairFacts>(
  gatherRepairFacts,
  planInWarrantyRepair,
);
