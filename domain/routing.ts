/** What a request without a flow is routed by (FLOW-INTAKE): class, severity, warranty, contract and arrears. */
import type { Severity } from './case.ts';
import type { Entitlement } from './plan.ts';

/** What the route is chosen by; null: not on record. */
export interface RoutingFacts {
  class: string;
  severity: Severity;
  productClass: string | null;
  verdict: Entitlement['verdict'] | null;
  arrears: boolean;
}

export interface Route {
  flow: string;
  because: string[];
}

/** A repair that can't wait for one, since the customer's business stands still. */
export const stopsBusiness = (facts: RoutingFacts): boolean =>
  facts.class === 'repair' && facts.severity === 'critical' && facts.productClass === 'itProduct';

/** A repair that is routed by what the customer is owed. A machine without a verdict goes where it is checked first. */
export const isRepair = (facts: RoutingFacts): boolean =>
  facts.class === 'repair' && !stopsBusiness(facts);

/** True when the warranty pays, or nobody knows yet. */
export const isOwed = ({ verdict }: RoutingFacts): boolean =>
  verdict === 'inWarranty' || verdict === null;
