/** Paging whoever is on call, one after another, until somebody takes the emergency (FLOW-EMER 3). */
import type { EmergencyPlan } from '../../domain/flows/emergency-response/plan.ts';
import type { CaseFile } from '../kernel/case-file.ts';
import { type Answered, type HumanTask, humanTask } from '../kernel/tasks.ts';
import { isoNow, now, recall } from '../kernel/work-file.ts';
import * as messages from '../messages.ts';

export type PagingStage = 'paging';
type PagedCase = CaseFile<PagingStage, EmergencyPlan>;
type Page = HumanTask<'answerPage'>;

/** Answering a page is no contact with the customer yet: the response clock runs on. */
export const pageTask = ({ work }: PagedCase): Page =>
  humanTask(messages.answerPage, work, { isContact: false });

/** The ladder is gone through from its first rung, the supervisor told each time nobody took it; then the page stands open for
 *  everybody. Who took it, or whom a supervisor named, is in charge. */
export async function pageOnCall(file: PagedCase, page: Page): Promise<void> {
  const { rounds } = file.plan.onCall;
  file.enter('paging');
  for (let round = 1; round <= rounds; round += 1) {
    const ladder = await whoIsOnCall(file);
    for (const { staffNumber } of ladder) {
      const responder = await pageOne(file, page, staffNumber, round);
      if (responder) return inCharge(file, responder);
    }
    tellSupervisor(file, round, ladder.length);
    if (ladder.length === 0) break;
  }
  inCharge(file, await standsOpen(file, page, rounds));
}

/** Asked anew for each round: shifts end. */
function whoIsOnCall({ plan, call }: PagedCase) {
  const { territory, productClass, skill } = plan;
  const asked = { territory, productClass, skill, at: isoNow() };
  return call('dispatch', 'onCall', asked, `who is on call in ${territory}`);
}

/** One page, open for so long; whoever of the support staff answers it takes it, not only who was paged. */
async function pageOne(
  file: PagedCase,
  page: Page,
  paged: string,
  round: number,
): Promise<string | null> {
  const { severity, onCall } = file.plan;
  file.tell('paged', { kind: 'staff', staffNumber: paged }, { severity, round });
  const expiresAt = new Date(now() + onCall.pageWithinMs).toISOString();
  const answer = await page.completedUnless(
    () => isNamed(file),
    { paged, round, severity },
    { assignee: paged, expiresAt },
  );
  return responderOf(file, answer);
}

/** A supervisor who reassigns the case names the responder: nobody else is paged. */
const isNamed = ({ work }: PagedCase) => work.state.assignee !== null;

const responderOf = (file: PagedCase, answer: Answered<'answerPage'> | null) =>
  recall(file.work, 'responder', async () => {
    if (answer) return answer.takes ? answer.answeredBy.id : null;
    return file.work.state.assignee;
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

async function standsOpen(file: PagedCase, page: Page, round: number): Promise<string> {
  const { severity } = file.plan;
  for (;;) {
    const answer = await page.completedUnless(() => isNamed(file), {
      paged: null,
      round,
      severity,
    });
    const responder = await responderOf(file, answer);
    if (responder) return responder;
  }
}

function inCharge(file: PagedCase, responder: string): void {
  file.assign(responder);
  file.know({ responder });
}
