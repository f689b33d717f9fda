/** A service on site from the parts to the last visit (FLOW-IW 3–9): shared by every flow that lends parts and sends an engineer. */
import type { PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import type { UndoList, Undos } from '../kernel/settle.ts';
import { humanTask } from '../kernel/tasks.ts';
import * as messages from '../messages.ts';
import { borrow, endLoan, endLoans } from './loans.ts';
import { fromLoans, type Repair, repairOnSite, type SiteStage, siteTasks } from './repair.ts';
import { returnParts, type SignOffStage, signOffTasks, type WorkDone } from './sign-off.ts';
import {
  arrangeVisit,
  cancelVisit,
  checkDeparture,
  finishVisit,
  recordOnSite,
  type VisitStage,
  visitTasks,
} from './visit.ts';

export type ServiceStage = 'borrowingParts' | VisitStage | SiteStage | SignOffStage;
type ServiceCase = CaseFile<ServiceStage>;

/** Who may speak from the loan of parts to their return. */
export function serviceTasks(file: ServiceCase) {
  return {
    rejectedLoan: humanTask(messages.decideRejectedLoan, file.work),
    ...visitTasks(file),
    ...siteTasks(file),
    ...signOffTasks(file),
  };
}

/** A service on site as its paragraphs hand it on. */
export interface SiteService extends Repair {
  undo: UndoList;
}
/** A service that lends parts. */
export interface Service extends SiteService {
  file: ServiceCase;
  ask: ReturnType<typeof serviceTasks>;
}

/** How each effect of a service is undone when the case is canceled. */
export const undosOf = (file: ServiceCase, done: WorkDone): Undos => ({
  endLoan: ({ loan = '' }) => endLoan(file, loan, fromLoans(done)),
  cancelVisit,
});

export const nothingDone = (faultCode: string): WorkDone => ({
  faultCode,
  causeCode: null,
  remedyCode: null,
  used: [],
  claimed: 0,
  coresToBringIn: [],
  machineRuns: false,
  documents: [],
  visits: [],
});

/** Parts are lent, then engineers go until the machine runs, or the fault turns out not to be covered. */
export const visitUntilDone = (
  service: Service,
  borrowFirst: PartLine[],
): Promise<'repaired' | 'notCovered'> =>
  serveOnSite<never>(service, borrowFirst, (lines) => borrowParts(service, lines));

/** Parts are provided, then engineers go until the machine runs, the fault turns out not to be covered, or `provide` gives why
 *  nobody goes. */
export async function serveOnSite<Stop extends string = never>(
  service: SiteService,
  first: PartLine[],
  provide: (lines: PartLine[]) => Promise<Stop | undefined>,
): Promise<'repaired' | 'notCovered' | Stop> {
  let needed = first;
  for (;;) {
    const stop = await provide(needed);
    if (stop) return stop;
    const visit = await arrangeVisit(service.file, service.ask, service.undo);
    await checkDeparture(service.file, service.ask, visit);
    if (!(await recordOnSite(service.file, service.ask, visit))) {
      await finishVisit(service.file, visit, 'cannotComplete');
      needed = [];
      continue;
    }

    service.done.visits.push(visit.engineerNumber);
    const result = await repairOnSite(service);
    await finishVisit(
      service.file,
      visit,
      result.kind === 'anotherVisit' ? 'partiallyCompleted' : 'completed',
    );
    if (result.kind !== 'anotherVisit') return result.kind;
    needed = result.needed;
  }
}

/** Step 3, no part: listed, lent against formalities, issued (FLOW-LOAN). A rejected loan is a supervisor's to decide. */
async function borrowParts({ file, ask, undo }: Service, lines: PartLine[]): Promise<undefined> {
  let asked = lines;
  while (asked.length > 0) {
    file.enter('borrowingParts');
    if (await borrow(file, undo, asked)) return;
    const { decision, expectedParts } = await ask.rejectedLoan.completed({ lines: asked });
    asked = decision === 'askAgain' ? expectedParts : [];
  }
}

/** Old parts and slip to the field office, loans cleared (FLOW-PF-IW). */
export async function bringPartsIn({ file, ask, done }: Omit<Service, 'undo'>): Promise<void> {
  await endLoans(file, fromLoans(done));
  await returnParts(file, ask, done);
}
