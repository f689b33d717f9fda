/** Steps of a paid repair, for the tests of FLOW-OW and what belongs to it. */
import type { PartLine } from '../../../domain/loan.ts';
import type { Charges } from '../../../services/billing/index.ts';
import type { Body, Case } from './case.ts';
import type { Desk, Opening } from './desk.ts';
import { noPart } from './steps.ts';

export const driveKit: PartLine[] = [
  { partNumber: 'TD-MOTOR-60', quantity: 1 },
  { partNumber: 'TD-SEAL-60', quantity: 2 },
];
export const contracted = {
  customerNumber: 'CU-1004',
  serialNumber: 'SRV-DC-0001',
  fault: { code: 'SRV-FAN-NOISE', description: 'One fan grinds.' },
};
/** Served fully, nobody special, no part at hand: what most of these cases have in common. */
export const plainly: Record<string, Body> = {
  decideArrears: { decision: 'serveFully', depositPercent: undefined },
  reportPhoneTriage: { ...noPart, expectedParts: driveKit },
};

/** A case that the customer pays; of a customer in arrears unless `request` names another. */
export const openPaid = (desk: Desk, { request, policy }: Opening = {}): Promise<Case> =>
  desk.open({
    flow: 'outOfWarrantyRepair',
    request: { specialUser: undefined, ...request },
    ...(policy ? { policy } : {}),
  });

/** Walks plainly, with changes, up to a task or to the end. */
export const plainTo = (theCase: Case, name: string, changes: Record<string, Body> = {}) =>
  theCase.walkTo(name, { ...plainly, ...changes });

export interface Books extends Charges {
  /** Per part: sold, of it returned. */
  sold: Record<string, [number, number]>;
  reservations: string[];
  balanceMinor: number;
}

/** Everything that the case left in the books. */
export async function booksOf({ world, stores }: Desk, caseNumber: string): Promise<Books> {
  const charges = await stores.billing.questions.charges(caseNumber);
  const [row] = await world.sql<Pick<Books, 'sold' | 'reservations'>[]>`select
    (select coalesce(jsonb_object_agg(part_number, jsonb_build_array(issued, returned)), '{}') from (
      select part_number, sum(issued) as issued, sum(returned) as returned
      from part_sale_lines join part_sales using (reservation_key) where case_number = ${caseNumber} group by 1) s) as sold,
    (select coalesce(jsonb_agg(status order by reservation_key), '[]') from part_reservations
      where case_number = ${caseNumber}) as reservations`;
  const balanceMinor = charges.payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { ...charges, sold: row?.sold ?? {}, reservations: row?.reservations ?? [], balanceMinor };
}
