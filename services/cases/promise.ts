import type { Opening, OpenRequest, Planned } from '../../domain/plan.ts';
import type { FieldError } from '../../domain/problems.ts';
import type { FactSources, Gathered } from './facts.ts';

/** Gathers what a flow is planned by and makes the plan; the request was parsed by that flow's contract. */
export type Promising = (
  sources: FactSources,
  opening: Opening,
) => Promise<Planned | { errors: FieldError[] }>;

/** From a checked request to a plan: the facts of a flow, and what it promises by them. */
export const promising =
  <Request extends OpenRequest, Facts>(
    gather: (sources: FactSources, request: Request, now: string) => Promise<Gathered<Facts>>,
    plan: (opening: Opening<Request>, facts: Facts) => Planned,
  ): Promising =>
  async (sources, opening) => {
    const asked = opening as Opening<Request>;
    const gathered = await gather(sources, asked.request, asked.now);
    return 'errors' in gathered ? gathered : plan(asked, gathered.facts);
  };
