/** A service on site from the parts to the last visit (FLOW-IW 3–9): shared by every flow that lends parts and sends an engineer. */
import type { PartLine } from '../../domain/loan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import { borrow, endLoan, endLoans } from './loans.ts';
import { fromLoans, type Repair, repairOnSite, type SiteStage } from './repair.ts';
import { returnParts, type SignOffStage, type WorkDone, withdrawClaim } from './sign-off.ts';
import {
  fileAway,
  planFurtherService,
  type VerificationStage,
  verifyWithCustomer,
} from './verification.ts';
import {
  arrangeVisit,
  cancelVisit,
  checkDeparture,
  finishVisit,
  recordOnSite,
  type VisitStage,
} from './visit.ts';

export type ServiceStage = 'borrowingParts' | VisitStage | SiteStage | SignOffStage;
type ServiceCase = CaseFile<ServiceStage>;

/** A service on site as its paragraphs hand it on. */
export interface SiteService extends Repair {
  undo: UndoList;
}
/** A service that lends parts. */
export interface Service extends SiteService {
  file: ServiceCase;
}
interface VerifiedService extends Service {
  file: CaseFile<ServiceStage | VerificationStage>;
}

/** How each effect of a service is undone when the case is canceled. */
export const undosOf = (file: ServiceCase, done: WorkDone): Undos => ({
  endLoan: ({ loan = '' }) => endLoan(file, loan, fittedForGood(file, done)),
  cancelVisit: cancelVisit(file),
  withdrawClaim: withdrawClaim(file),
});

export const nothingDone = (faultCode: string): WorkDone => ({
  faultCode,
  causeCode: null,
  remedyCode: null,
  used: [],
  claimed: 0,
  coresToBringIn: [],
  machineRuns: false,
  rootCause: null,
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
    const visit = await arrangeVisit(service.file, service.undo);
    await checkDeparture(service.file, visit);
    if (!(await recordOnSite(service.file, visit))) {
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
async function borrowParts({ file, undo }: Service, lines: PartLine[]): Promise<undefined> {
  let asked = lines;
  while (asked.length > 0) {
    file.enter('borrowingParts');
    if (await borrow(file, undo, asked)) return;
    const { decision, expectedParts } = await file.ask('decideRejectedLoan', { lines: asked });
    asked = decision === 'askAgain' ? expectedParts : [];
  }
}

/** Of the parts lent, those that stay in the machine; those of a drill come back unused. */
const fittedForGood = ({ plan }: ServiceCase, done: WorkDone): PartLine[] =>
  plan.drill ? [] : fromLoans(done);

/** Old parts and slip to the field office, loans cleared (FLOW-PF-IW). */
async function bringPartsIn({ file, done }: Omit<Service, 'undo'>): Promise<void> {
  await endLoans(file, fittedForGood(file, done));
  await returnParts(file, done);
}

/** Step 14 and after: the work is completed; the customer hears the result (M05), parts and slip come in, the customer is called.
 *  False sends the case back to service. */
export async function completedAndVerified(
  service: VerifiedService,
  outcome: string,
): Promise<boolean> {
  service.file.move('resolve');
  service.file.tellCustomer('resultReport', { outcome });
  await bringPartsIn(service);
  return (await verifyWithCustomer(service.file)) === 'settled';
}

/** The customer is not satisfied: the next visit, and what it must bring; null once a supervisor ends it instead (C13). */
export async function furtherVisit(
  service: VerifiedService,
  round: number,
): Promise<{ kind: 'visit'; borrow: PartLine[] } | null> {
  const further = await planFurtherService(service.file, round);
  return further ? { kind: 'visit', borrow: further.expectedParts } : null;
}

/** What was lent comes in all the same. */
export async function endUnsatisfied(service: VerifiedService): Promise<'endedUnsatisfied'> {
  service.file.move('resolve');
  await bringPartsIn(service);
  return 'endedUnsatisfied';
}

/** However it ended: loans that a supervisor waived go on by themselves; the fault is filed as knowledge, the case archived. */
export async function closeFile(
  file: CaseFile<ServiceStage | VerificationStage>,
  done: WorkDone,
  outcome: string,
): Promise<void> {
  await endLoans(file, fittedForGood(file, done));
  await fileAway(file, done, outcome);
}
