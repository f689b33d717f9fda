import type { CaseHistory } from './case-history.ts';
import { type Classified, isEffect } from './history.ts';

/** What a case does that its twin does not, and the other way round: answers and effects by name, and how many workflows. Empty while
 *  they are twins. How often is not compared: messages of one moment may leave together. Pure. */
export function drift(product: CaseHistory, twin: CaseHistory): string[] {
  const [ours, theirs] = [actsOf(product.events), actsOf(twin.events)];
  return [
    ...ours.filter((act) => !theirs.includes(act)).map((act) => `it lacks ${act}`),
    ...theirs.filter((act) => !ours.includes(act)).map((act) => `it alone has ${act}`),
    ...(product.workflows.length === twin.workflows.length
      ? []
      : ['the number of workflows differs']),
  ];
}

const actsOf = (events: readonly Classified[]): string[] => [
  ...new Set(events.filter(isAct).map(({ about }) => about)),
];

const isAct = (event: Classified): boolean =>
  isEffect(event) || (event.kind === 'updates' && event.about !== '');
