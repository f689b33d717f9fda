/** What the customer is owed for an asset at a moment, with the evidence (FLOW-IW, FLOW-OW; the contract is the third class). */
import { DateTime } from 'luxon';
import type { Entitlement } from './plan.ts';

/** Days are `YYYY-MM-DD`, null when not on record. */
export interface WarrantyFacts {
  purchasedOn: string | null;
  installedOn: string | null;
  manufacturedOn: string | null;
  /** The product's promise: so many months from one of the days above; null when the model has none on record. */
  term: { months: number; basis: 'installed' | 'purchased' | 'manufactured' } | null;
  /** A running maintenance contract and its last day. */
  contract: { contractNumber: string; validUntil: string } | null;
}

/** The verdict at `now`. The warranty's last day is inclusive. `unknown` when the day it counts from is not on record. */
export function checkEntitlement(facts: WarrantyFacts, now: string): Entitlement {
  const today = now.slice(0, 10);
  const warranty = warrantyVerdict(facts, today);
  const verdict =
    warranty.verdict !== 'inWarranty' && facts.contract && facts.contract.validUntil >= today
      ? 'contract'
      : warranty.verdict;
  return {
    verdict,
    evidence: [...warranty.evidence, ...contractEvidence(facts)],
    checkedAt: now,
    overriddenBy: null,
    overrideReason: null,
  };
}

function warrantyVerdict(
  facts: WarrantyFacts,
  today: string,
): Pick<Entitlement, 'verdict' | 'evidence'> {
  if (!facts.term)
    return { verdict: 'unknown', evidence: ['no warranty term on record for this model'] };
  const { basis, months } = facts.term;
  const from = {
    installed: facts.installedOn,
    purchased: facts.purchasedOn,
    manufactured: facts.manufacturedOn,
  }[basis];
  if (!from) return { verdict: 'unknown', evidence: [`the day it was ${basis} is not on record`] };
  const until = DateTime.fromISO(from, { zone: 'utc' }).plus({ months }).toISODate() ?? from;
  return {
    verdict: today <= until ? 'inWarranty' : 'outOfWarranty',
    evidence: [`${basis} on ${from}, warranty ${months} months: until ${until}`],
  };
}

function contractEvidence({ contract }: WarrantyFacts): string[] {
  return contract
    ? [`maintenance contract ${contract.contractNumber} until ${contract.validUntil}`]
    : [];
}
