/** What a closed repair teaches (FLOW-FRACAS): its failure is counted, and the count itself may open a defect report. */
import { opensReport } from '../../domain/recurrence.ts';
import type { CaseFile } from '../case-file/index.ts';
import { openLinked } from './linked.ts';
import type { WorkDone } from './sign-off.ts';

/** Records a confirmed product failure, once per case and cycle. Whoever completes the trend opens the report, and waits for nobody. */
export async function recordFailure(
  file: CaseFile<'filing'>,
  done: WorkDone,
  outcome: string,
): Promise<void> {
  const { plan, cycle, openedAt } = file;
  // a case that was opened before failures were counted has no trend in its plan
  if (plan.drill || !plan.trend || !isConfirmed(done, outcome)) return;
  const { serialNumber, productModel, trend } = plan;
  const { faultCode, causeCode, remedyCode } = done;
  const failure = { productModel, serialNumber, faultCode, causeCode, remedyCode };
  const seen = await file.call(
    'defects',
    'recordFailure',
    { cycle, ...failure, failedAt: openedAt, windowMs: trend.windowMs },
    `failure record for ${faultCode}`,
    { without: { give: null } },
  );
  if (!seen || !opensReport(seen, trend.count)) return;
  await openLinked(file, {
    kind: 'trend',
    flow: 'defectReport',
    request: {
      productModel,
      fault: { code: faultCode },
      source: { kind: 'trend', caseNumber: file.caseNumber },
      affectedSerials: seen.serials.slice(0, 100),
      contact: null,
    },
  });
}

/** Something was repaired, or replaced with effect, and nobody found that the product was not to blame: a fault that advice made go
 *  away is no failure of it. */
export const isConfirmed = (
  { remedyCode, rootCause, used, machineRuns }: WorkDone,
  outcome: string,
) =>
  !notTheProducts.includes(outcome) &&
  [null, 'product', 'unknown'].includes(rootCause) &&
  (remedyCode !== null || (used.length > 0 && machineRuns));

const notTheProducts = ['notCovered', 'madeSafe'];
