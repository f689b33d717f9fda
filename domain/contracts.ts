/** Shapes of everything that crosses HTTP. Parsing happens once, at the door: workflows import types only. */
import type { z } from 'zod';
import type { Severity } from './case.ts';
import { answers as defect } from './flows/defect-report/contracts.ts';
import { answers as emergency } from './flows/emergency-response/contracts.ts';
import { answers as outOfWarranty } from './flows/out-of-warranty-repair/contracts.ts';
import { answers as inspection } from './flows/scheduled-inspection/contracts.ts';
import { answers as shared } from './flows/shared/contracts.ts';
import type { channel, contact, fault } from './values.ts';

export type { Rating } from './values.ts';

/** What a request to open a case may say, whatever its flow; each flow's own contract says what it must. */
export interface OpenRequest {
  flow?: string | undefined;
  customerNumber?: string | undefined;
  serialNumber?: string | undefined;
  channel?: z.infer<typeof channel> | undefined;
  contact?: z.infer<typeof contact> | null | undefined;
  fault?: z.infer<typeof fault> | undefined;
  severity?: Severity | undefined;
  specialUser?: { reason: string } | undefined;
  allowDuplicate?: { reason: string } | undefined;
  overrideEntitlement?: { reason: string } | undefined;
}

/** Answers of the tasks of every flow, by task name. */
export const answers = {
  ...shared,
  ...emergency,
  ...outOfWarranty,
  ...defect,
  ...inspection,
} as const;
export type TaskName = keyof typeof answers;
export type Answer<Name extends TaskName> = z.infer<(typeof answers)[Name]>;

export { type ActionBody, type ActionName, actionExamples, actions } from './action-contracts.ts';
