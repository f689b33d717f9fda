/** Which flow a request without one belongs to, and why (FLOW-INTAKE): by class, severity, warranty, contract and arrears. */
import type { Severity } from './case.ts';
import type { CasePlan, Entitlement } from './plan.ts';

/** What the route is chosen by; null: not on record. */
export interface RoutingFacts {
  class: CasePlan['class'];
  severity: Severity;
  productClass: string | null;
  verdict: Entitlement['verdict'] | null;
  arrears: boolean;
}

export interface Route {
  flow: string;
  because: string[];
}

/** The flow, with the facts that decided it in the order asked. */
export function route(facts: RoutingFacts): Route {
  const because = [`class ${facts.class}`];
  if (facts.class === 'emergency') return { flow: 'emergencyResponse', because };
  if (facts.class === 'inspection') return { flow: 'scheduledInspection', because };
  if (facts.class === 'defect') return { flow: 'defectReport', because };
  if (facts.severity === 'critical' && facts.productClass === 'itProduct')
    return {
      flow: 'emergencyResponse',
      because: [...because, 'severity critical: the customer’s business stands still'],
    };
  return byEntitlement(facts, because);
}

/** A machine without a verdict goes where it is checked first. */
function byEntitlement({ verdict, arrears }: RoutingFacts, because: string[]): Route {
  if (verdict === 'inWarranty' || verdict === null) {
    const owed = arrears ? ['customer in arrears: the warranty is owed all the same'] : [];
    return { flow: 'inWarrantyRepair', because: [...because, ...owed] };
  }
  const paidBy = verdict === 'contract' ? 'a maintenance contract runs' : 'not in warranty: quoted';
  return { flow: 'outOfWarrantyRepair', because: [...because, paidBy] };
}
