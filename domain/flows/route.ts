import type { Route, RoutingFacts } from '../routing.ts';
import type { CaseFlow } from './define.ts';
import * as flows from './index.ts';

const opened: CaseFlow[] = Object.values(flows);

/** The classes of request that a flow is for. */
export const classes = [...new Set(opened.map((flow) => flow.class))];

/** Which flow a request without one belongs to, with the facts that decided it; null: none is for it. */
export function route(facts: RoutingFacts): Route | null {
  for (const { name, accepts } of opened) {
    const because = accepts(facts);
    if (because) return { flow: name, because: [`class ${facts.class}`, ...because] };
  }
  return null;
}
