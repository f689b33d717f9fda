/** The visit to a customer, up to the fault being found (FLOW-FIELD, FLOW-TECH): shared by every flow that sends an engineer. */
import type { Candidate } from '../../domain/dispatch.ts';
import type { Given } from '../case-file/effects.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { UndoList, Undos } from '../case-file/settle.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow } from '../kernel/run.ts';

export type VisitStage = 'arrangingVisit' | 'departing' | 'recordingOnSite' | 'diagnosing';
type VisitCase = CaseFile<VisitStage>;

export interface Visit {
  bookingKey: string;
  engineerNumber: string;
  start: string;
}

/** Proposes who can go and when, agrees it with the customer, and books it (M08, R24). */
export function arrangeVisit(file: VisitCase, undo: UndoList): Promise<Visit> {
  const { skill, territory, visitMinutes } = file.plan;
  file.enter('arrangingVisit');
  return bookUntilFree(file, undo, {
    wanted: { skill, territory, durationMinutes: visitMinutes },
    agree: (proposed) => file.ask('confirmVisit', proposed),
    booked: (visit, { staffNumber }) => dispatched(file, visit, staffNumber),
  });
}

type Scheduled = Pick<VisitCase, 'keyOfNext' | 'call' | 'askUntilTaken'>;
type Slot = Extract<Given<'dispatch', 'book'>, { booked: true }>;
/** What follows does not depend on it: a supervisor may have it gone on without. */
export const goOn = { without: { give: undefined } };

interface Agreed {
  engineerNumber: string;
  start?: string | undefined;
  end?: string | undefined;
}

/** An engineer's time is proposed, agreed, and booked; one that was taken meanwhile is proposed anew. */
export async function bookUntilFree<A extends Agreed, Booked>(
  file: Scheduled,
  undo: UndoList,
  {
    wanted,
    agree,
    booked,
  }: {
    wanted: { skill: string | null; territory: string; durationMinutes: number };
    agree: (proposed: { candidates: Candidate[]; proposedAt: string }) => Promise<A>;
    booked: (visit: Visit, slot: Slot, agreed: A) => Booked;
  },
): Promise<Booked> {
  const proposals = () =>
    file.call(
      'dispatch',
      'rank',
      { ...wanted, at: isoNow(), limit: 5 },
      `who can go to ${wanted.territory}`,
      { without: { give: [] } },
    );
  for (;;) {
    const candidates = await proposals();
    const proposed = { candidates, proposedAt: isoNow() };
    const { answer: agreed, taken } = await file.askUntilTaken(
      () => agree(proposed),
      (agreed) => bookSlot(file, undo, agreed, candidates),
    );
    const { visit, slot } = taken;
    if (slot.booked) return booked(visit, slot, agreed);
  }
}

/** Asks for the proposed time unless another is given; how it is undone stands first. */
async function bookSlot(
  { keyOfNext, call }: Scheduled,
  undo: UndoList,
  agreed: Agreed,
  candidates: Candidate[],
) {
  const { engineerNumber } = agreed;
  const proposed = candidates.find((one) => one.engineerNumber === engineerNumber);
  const start = agreed.start ?? proposed?.start ?? '';
  const end = agreed.end ?? proposed?.end ?? '';
  const bookingKey = keyOfNext('dispatch.book');
  undo.add('cancelVisit', { bookingKey });
  const wanted = { engineerNumber, start, end };
  const summary = `book ${engineerNumber} from ${start} to ${end}`;
  const slot = await call('dispatch', 'book', wanted, summary, { correctable: true });
  return { visit: { bookingKey, engineerNumber, start }, slot };
}

/** The customer hears who comes and is phoned within 20 minutes (R23, M02). */
function dispatched(file: VisitCase, visit: Visit, staffNumber: string): Visit {
  file.assign(staffNumber);
  file.know({ visit: { engineerNumber: visit.engineerNumber, start: visit.start } });
  file.tellCustomer('dispatched', { engineerNumber: visit.engineerNumber, start: visit.start });
  file.tell('assigned', { kind: 'staff', staffNumber }, { start: visit.start });
  return visit;
}

/** Must-carry items, clothing, tools, papers: nobody leaves before the check is whole. */
export async function checkDeparture(file: VisitCase, visit: Visit): Promise<void> {
  file.enter('departing');
  const context = { engineerNumber: visit.engineerNumber, start: visit.start };
  for (let whole = false; !whole; ) {
    const check = await file.ask('confirmDeparture', context, forEngineer(file, visit.start));
    whole = check.mustCarryItems && check.workClothing && check.tools && check.papers;
  }
}

/** On-site record, and work clothing and power cut; in either order, both before anything is analysed. False: nobody was there. */
export async function recordOnSite(file: VisitCase, visit: Visit): Promise<boolean> {
  file.enter('recordingOnSite');
  const meant = forEngineer(file, visit.start);
  let absent = false;
  const facts = async () => {
    const record = await file.ask(
      'recordSiteFacts',
      { signatures: file.plan.onSiteSignatures },
      meant,
    );
    absent = record.customerAbsent ?? false;
  };
  const safety = async () => {
    for (let safe = false; !safe; ) {
      const check = await file.askUnless('confirmSafety', {}, { ...meant, unless: () => absent });
      safe = check === null || (check.workClothing && check.powerCut);
    }
  };
  await Promise.all([facts(), safety()]);
  return !absent;
}

/** The engineer determines the fault; the station backs it up, and headquarters when the station can't (rear support, M19). */
export async function diagnose(file: VisitCase): Promise<Answered<'reportDiagnosis'>> {
  file.enter('diagnosing');
  for (;;) {
    const finding = await file.ask(
      'reportDiagnosis',
      { faultCode: file.plan.faultCode },
      forEngineer(file),
    );
    file.tell(
      'backUpRequested',
      { kind: 'role', role: 'support', territory: file.plan.territory },
      { stage: 'diagnosing' },
    );
    const advice = await file.ask('adviseDiagnosis', {
      faultCode: finding.faultCode,
      causeCode: finding.causeCode,
    });
    if (advice.determination === 'askHeadquarters') askHeadquarters(file);
    if (advice.determination === 'confirmed' && finding.faultLocated) return finding;
  }
}

function askHeadquarters(file: VisitCase): void {
  file.raiseAlert(1, 'fault not located');
  file.tell(
    'faultEscalated',
    { kind: 'role', role: 'quality', territory: file.plan.territory },
    { stage: 'diagnosing' },
  );
}

/** Meant for whoever is in charge; any engineer may answer. */
export const forEngineer = (file: Pick<VisitCase, 'assignee'>, notBefore?: string) => ({
  assignee: file.assignee(),
  notBefore,
});

/** Arranged, checked, and tried again until somebody is there. */
export async function goThere(file: VisitCase, undo: UndoList): Promise<Visit> {
  for (;;) {
    const visit = await arrangeVisit(file, undo);
    await checkDeparture(file, visit);
    if (await recordOnSite(file, visit)) return visit;
    await finishVisit(file, visit, 'cannotComplete');
  }
}

/** The undo of a booking; harmless when it never came. */
export const cancelVisit =
  (file: Pick<VisitCase, 'undo'>): Undos[string] =>
  ({ bookingKey = '' }) =>
    file.undo(
      'dispatch',
      'cancel',
      { effectKey: `${bookingKey}/undo`, bookingKey },
      'cancel the visit',
    );

export function finishVisit(
  file: Pick<VisitCase, 'call'>,
  { bookingKey }: Visit,
  result: 'completed' | 'partiallyCompleted' | 'cannotComplete',
): Promise<void> {
  const finished = { bookingKey, result, at: isoNow() };
  return file.call('dispatch', 'finish', finished, `visit ${result}`, goOn);
}
