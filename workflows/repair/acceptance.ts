import type { CaseFile } from '../case-file/index.ts';

/** The plan was made at the door: in scope, classed, entitled. The clocks run from the customer's call; the customer hears it is logged (M01). */
export function acceptCase(file: CaseFile<never>): void {
  file.move('triage');
  for (const clock of ['response', 'restore', 'resolution'] as const)
    file.startClock(clock, file.openedAt);
  file.tellCustomer('applicationConfirmed');
}
