/** The values that contracts are made of: numbers, codes, instants, words (D8). */
import { z } from 'zod';
import { severities } from './case.ts';
import { milliseconds } from './duration.ts';

/** What a value names, so that the door can look it up (`422` by field), or that it belongs to a person and stays in the database. */
export type Kind =
  | 'personal'
  | 'partNumber'
  | 'engineerNumber'
  | 'staffNumber'
  | 'customerNumber'
  | 'serialNumber'
  | 'faultCode'
  | 'productModel'
  | 'caseNumber'
  | 'location';

/** Text that PostgreSQL can store: no NUL, no lone surrogate (D8). Halves of pairs are named, since JavaScript counts them one by one. */
export const printable = /^(?:[^\0\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])*$/;
const text = (max: number, min = 1) =>
  z.string().min(min).max(max).regex(printable, 'holds a NUL or half a surrogate pair');
const named = (kind: Kind, pattern: RegExp) =>
  z.string().max(40).regex(pattern).meta({ 'x-kind': kind });

/** Free text and names: kept in the database beside the case, never sent to the engine (D9). */
export const personal = (max: number, min?: number) =>
  text(max, min).meta({ 'x-kind': 'personal' });
export const reason = text(500);
export const partNumber = named('partNumber', /^[A-Z0-9][A-Z0-9-]{1,39}$/);
export const engineerNumber = named('engineerNumber', /^EN-\d{2,6}$/);
export const staffNumber = named('staffNumber', /^ST-\d{2,6}$/);
export const customerNumber = named('customerNumber', /^CU-\d{4,8}$/);
export const serialNumber = named('serialNumber', /^[A-Z0-9][A-Z0-9-]{2,39}$/);
export const faultCode = named('faultCode', /^[A-Z0-9][A-Z0-9-]{1,39}$/);
export const productModel = named('productModel', /^[A-Z0-9][A-Z0-9-]{1,39}$/);
export const caseNumber = named('caseNumber', /^C-\d{6,12}$/);
export const location = named('location', /^[A-Z0-9][A-Z0-9-]{1,39}$/);
/** A serial that is stamped on a part: letters, digits and dashes. */
export const stampedSerial = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9./-]{0,39}$/);
export const code = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,39}$/);
export const slipNumber = z.string().regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/);
/** An instant: ISO 8601 with a zone that is UTC, between 2000 and 2100. */
export const instant = z.iso
  .datetime()
  .regex(/^20\d\d-/, 'lies outside 2000 to 2099')
  .meta({ format: 'date-time', description: 'UTC, from 2000 to 2099' });

const durationForm = /^P(?=.)(\d{1,6}D)?(T(?=.)(\d{1,6}H)?(\d{1,6}M)?)?$/;
/** ISO 8601 with days as its largest unit, between two bounds. */
export function duration(shortest: string, longest: string) {
  const error = `an ISO 8601 duration of days, hours, minutes from ${shortest} to ${longest}`;
  const [min, max] = [milliseconds(shortest), milliseconds(longest)];
  const fits = (text: string) =>
    durationForm.test(text) && milliseconds(text) >= min && milliseconds(text) <= max;
  return z.string(error).max(30, error).refine(fits, error);
}
export const quantity = z.int().min(1).max(999);
export const count = z.int().min(0).max(999);

export const partLine = z.strictObject({ partNumber, quantity });
export const partLines = z.array(partLine).max(20);
/** Parts that were fitted, with a serial of an old part for each. */
export const usedLines = z
  .array(z.strictObject({ partNumber, quantity, oldPartSerials: z.array(stampedSerial).max(99) }))
  .max(20);
export const rating = z.enum(['A', 'B', 'C', 'D']);
export type Rating = z.infer<typeof rating>;

export const channel = z.enum([
  'phone',
  'web',
  'app',
  'mail',
  'chat',
  'onSite',
  'fax',
  'social',
  'internal',
]);
export const severity = z.enum(severities);
export const impactScope = z.enum(['singleFunction', 'machineDown', 'siteDown']);
export type ImpactScope = z.infer<typeof impactScope>;
export const contact = z.strictObject({ name: personal(80), phone: personal(30) });
/** What is reported of a machine (FLOW-INTAKE inputs). */
export const fault = z.strictObject({
  code: faultCode,
  description: personal(2000),
  place: personal(200).optional(),
  occurredAt: instant.optional(),
  impactScope: impactScope.optional(),
});

/** What opens a repair, in warranty or out of it, beside the flow and its class (FLOW-INTAKE inputs). */
export const repairOpening = {
  customerNumber,
  serialNumber,
  channel,
  contact,
  fault,
  severity: severity.optional(),
  allowDuplicate: z.strictObject({ reason }).optional(),
  overrideEntitlement: z.strictObject({ reason }).optional(),
};
