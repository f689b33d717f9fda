/** Whether a corrective action worked: failures on units that have it, against failures without it (N23). */

/** Units that were watched for one window each, and the failures that they had in it. */
export interface Watched {
  units: number;
  failures: number;
}

/** A unit counts as treated from the moment that it has the action; every other unit, and every unit in the window of the same
 *  length before, counts as prior. */
export interface Recurrence {
  treated: Watched;
  prior: Watched;
}

/** True when treated units failed at most at that share of the prior units' rate; always when none of them failed. */
export function isEffective({ treated, prior }: Recurrence, atMostPercent: number): boolean {
  if (treated.failures === 0) return true;
  if (prior.failures === 0) return false;
  return 100 * treated.failures * prior.units <= atMostPercent * prior.failures * treated.units;
}

/** What the failures of a model and fault code say when one more is on record. */
export interface Trend {
  /** Distinct units that failed in the window, since the last report was closed. */
  serials: string[];
  /** The report that is open, or whose effect is being watched; null when there is none. */
  report: string | null;
}

/** True when so many units failed and nobody is at it: the moment to open a report. */
export const opensReport = ({ serials, report }: Trend, count: number): boolean =>
  report === null && serials.length >= count;

/** What makes two open reports the same one. */
export const defectKey = (productModel: string, faultCode: string): string =>
  `${productModel}/${faultCode}`;

/** The verdict on a corrective action, N days after it was in place (N23). */
export interface EffectCheck extends Recurrence {
  effective: boolean;
  atMostPercent: number;
  checkedAt: string;
  /** The cycle in which the report goes on; null when the action worked, or another report has taken over. */
  nextCycle: number | null;
  openReport: string | null;
}

/** A case that a defect report came from. */
export interface SourceCase {
  caseNumber: string;
  /** A dash when it is about no single machine. */
  serialNumber: string;
  /** Null: there is no customer to tell. */
  customerNumber: string | null;
}
