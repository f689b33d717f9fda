/** Paging whoever is on call, one after another, until somebody takes the emergency (FLOW-EMER 3). */
import type { EmergencyPlan } from '../../domain/flows/emergency-response/plan.ts';
import type { CaseFile } from '../case-file/index.ts';
import type { Answered } from '../kernel/ask.ts';
import { isoNow, now } from '../kernel/run.ts';

export type PagingStage = 'paging';
type PagedCase = CaseFile<PagingStage, EmergencyPlan>;

/** The ladder is gone through from its first rung, the supervisor told each time nobody took it; then the page stands open for
 *  everybody. Who took it, or whom a supervisor named, is in charge. */
export async function pageOnCall(file: PagedCase): Promise<void> {
  const { rounds } = file.plan.onCall;
  file.enter('paging');
  for (let round = 1; round <= rounds; round += 1) {
    const ladder = await whoIsOnCall(file);
    for (const { staffNumber } of ladder) {
      const responder = await pageOne(file, staffNumber, round);
      if (responder) return inCharge(file, responder);
    }
    tellSupervisor(file, round, ladder.length);
    if (ladder.length === 0) break;
  }
  inCharge(file, await standsOpen(file, rounds));
}

/** Asked anew for each round: shifts end. */
function whoIsOnCall({ plan, call }: PagedCase) {
  const { territory, productClass, skill } = plan;
  const asked = { territory, productClass, skill, at: isoNow() };
  return call('dispatch', 'onCall', asked, `who is on call in ${territory}`, {
    without: { give: [] },
  });
}

/** One page, open for so long; whoever of the support staff answers it takes it, not only who was paged. */
async function pageOne(file: PagedCase, paged: string, round: number): Promise<string | null> {
  const { severity, onCall } = file.plan;
  file.tell('paged', { kind: 'staff', staffNumber: paged }, { severity, round });
  const expiresAt = new Date(now() + onCall.pageWithinMs).toISOString();
  const unless = () => isNamed(file);
  const context = { paged, round, severity };
  const options = { assignee: paged, expiresAt, unless };
  const answer = await file.askUnless('answerPage', context, options);
  return responderOf(file, answer);
}

/** A supervisor who reassigns the case names the responder: nobody else is paged. */
const isNamed = (file: PagedCase) => file.assignee() !== null;

const responderOf = (file: PagedCase, answer: Answered<'answerPage'> | null) =>
  file.remember('responder', () => {
    if (answer) return answer.takes ? answer.answeredBy.id : null;
    return file.assignee();
  });

/** The way back to the first rung leads past the supervisor (FLOW-ALERT). */
function tellSupervisor(file: PagedCase, round: number, paged: number): void {
  const { territory, severity } = file.plan;
  file.raiseAlert(round === 1 ? 2 : 3, 'nobody on call answers');
  file.tell(
    'pageUnanswered',
    { kind: 'role', role: 'supervisor', territory },
    { severity, round, paged },
  );
}

async function standsOpen(file: PagedCase, round: number): Promise<string> {
  const { severity } = file.plan;
  for (;;) {
    const context = { paged: null, round, severity };
    const answer = await file.askUnless('answerPage', context, { unless: () => isNamed(file) });
    const responder = await responderOf(file, answer);
    if (responder) return responder;
  }
}

function inCharge(file: PagedCase, responder: string): void {
  file.assign(responder);
  file.know({ responder });
}
