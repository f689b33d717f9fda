/** From a checked request to a plan: each flow has its facts and its promises. */
import type { OpenRequest } from '../../domain/contracts.ts';
import { planDefectReport } from '../../domain/flows/defect-report/plan.ts';
import type { OpenEmergencyResponse } from '../../domain/flows/emergency-response/contracts.ts';
import { planEmergencyResponse } from '../../domain/flows/emergency-response/plan.ts';
import type { OpenInWarrantyRepair } from '../../domain/flows/in-warranty-repair/contracts.ts';
import { planInWarrantyRepair } from '../../domain/flows/in-warranty-repair/plan.ts';
import { planOutOfWarrantyRepair } from '../../domain/flows/out-of-warranty-repair/plan.ts';
import {
  type InspectionFacts,
  planScheduledInspection,
  type RoundRequest,
} from '../../domain/flows/scheduled-inspection/plan.ts';
import type { Opening, Planned } from '../../domain/plan.ts';
import type { RepairFacts } from '../../domain/repair-plan.ts';
import { type FactSources, type FieldError, type Gathered, gatherRepairFacts } from './facts.ts';
import { gatherDefectFacts } from './facts-defect-report.ts';
import { gatherPaidRepairFacts } from './facts-out-of-warranty-repair.ts';
import { gatherInspectionFacts } from './facts-scheduled-inspection.ts';

/** Gathers what a flow is planned by and makes the plan; the request was parsed by that flow's contract. */
export type Promising = (
  sources: FactSources,
  opening: Opening,
) => Promise<Planned | { errors: FieldError[] }>;

const promising =
  <Request extends OpenRequest, Facts>(
    gather: (sources: FactSources, request: Request, now: string) => Promise<Gathered<Facts>>,
    plan: (opening: Opening<Request>, facts: Facts) => Planned,
  ): Promising =>
  async (sources, opening) => {
    const asked = opening as Opening<Request>;
    const gathered = await gather(sources, asked.request, asked.now);
    return 'errors' in gathered ? gathered : plan(asked, gathered.facts);
  };

/** By flow. */
export const promises: Record<string, Promising> = {
  inWarrantyRepair: promising<OpenInWarrantyRepair, RepairFacts>(
    gatherRepairFacts,
    planInWarrantyRepair,
  ),
  outOfWarrantyRepair: promising(gatherPaidRepairFacts, planOutOfWarrantyRepair),
  emergencyResponse: promising<OpenEmergencyResponse, RepairFacts>(
    gatherRepairFacts,
    planEmergencyResponse,
  ),
  scheduledInspection: promising<RoundRequest, InspectionFacts>(
    gatherInspectionFacts,
    planScheduledInspection,
  ),
  defectReport: promising(gatherDefectFacts, planDefectReport),
};
