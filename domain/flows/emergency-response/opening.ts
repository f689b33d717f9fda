import { z } from 'zod';
import {
  channel,
  contact,
  customerNumber,
  fault,
  reason,
  serialNumber,
  severity,
} from '../../values.ts';

/** `POST /v1/cases` for an emergency: the report form of FLOW-EMER. Graded by its impact unless it is graded already. */
export const openEmergencyResponse = z.strictObject({
  flow: z.literal('emergencyResponse').optional(),
  /** A repair that is critical to the customer's business is an emergency too (FLOW-INTAKE). */
  class: z.enum(['emergency', 'repair']).optional(),
  customerNumber,
  serialNumber,
  /** `internal`: the fault pre-warning system saw it first (M17). */
  channel,
  contact: contact.optional(),
  fault,
  severity: severity.optional(),
  /** A rehearsal: the same flow, and nobody is told anything (FLOW-DRILL). */
  drill: z.boolean().optional(),
  allowDuplicate: z.strictObject({ reason }).optional(),
});
export type OpenEmergencyResponse = z.infer<typeof openEmergencyResponse>;

const customer = {
  flow: 'emergencyResponse',
  customerNumber: 'CU-1004',
  serialNumber: 'SRV-DC-0002',
  channel: 'phone',
  contact: { name: 'Tan Wei Ming', phone: '+86 139 0000 1004' },
} as const;

/** Requests that open the flow; the first leads down the longest documented path. */
export const openExamples: OpenEmergencyResponse[] = [
  {
    ...customer,
    fault: {
      code: 'SRV-ARRAY-LOST',
      description: 'The storage array is down; the business of every tenant stands still.',
      place: 'Data centre South, hall 2, rack 14',
      impactScope: 'siteDown',
    },
    severity: 'critical',
  },
  {
    ...customer,
    fault: {
      code: 'SRV-NODE-HANG',
      description: 'Drill: one node hangs and does not come back by itself.',
      place: 'Data centre South, hall 2, rack 15',
      impactScope: 'machineDown',
    },
    drill: true,
  },
];
