import { elapsedMs } from '../../domain/clock.ts';
import type { ClockRun } from '../../domain/flows/emergency-response/contracts.ts';
import {
  type EmergencyOutcome,
  type EmergencyStage,
  emergencyResponseFlow,
} from '../../domain/flows/emergency-response/flow.ts';
import type { EmergencyPlan } from '../../domain/flows/emergency-response/plan.ts';
import type { OpenedCase } from '../../domain/plan.ts';
import { type CaseFile, openFile, settleCase } from '../case-file/index.ts';
import type { Settled, UndoList } from '../case-file/settle.ts';
import { now } from '../kernel/run.ts';
import { acceptCase } from '../repair/acceptance.ts';
import { hearLoans } from '../repair/loans.ts';
import {
  closeFile,
  completedAndVerified,
  endUnsatisfied,
  furtherVisit,
  nothingDone,
  undosOf,
  visitUntilDone,
} from '../repair/service.ts';
import {
  claimWarranty,
  documentOf,
  signAndRate,
  type WorkDone,
  writeRecord,
} from '../repair/sign-off.ts';
import { callUntilReached } from '../repair/verification.ts';
import { pageOnCall } from './on-call.ts';
import {
  contactCustomer,
  fixRemotely,
  noteWork,
  recoverData,
  type Emergency as Supported,
  type Way,
} from './remote-support.ts';

/** Emergency response, FLOW-EMER with FLOW-TS. Endings: restored | restoredRemotely | notCovered | endedUnsatisfied, a drill's is
 *  drillCompleted (FLOW-DRILL). Undone on cancellation: the visit, the unissued loan, the warranty claim. */
export async function emergencyResponse(opened: OpenedCase<EmergencyPlan>): Promise<Settled> {
  const file = openFile<EmergencyStage, EmergencyPlan>(emergencyResponseFlow, opened);
  const done = nothingDone(file.plan.faultCode);
  hearLoans(file);

  return settleCase(
    file,
    undosOf(file, done),
    (outcome) => closeFile(file, done, outcome),
    async (undo) => {
      const emergency = reported(file, undo, done);
      acceptCase(file); // steps 1 and 2: reported by its form, graded at the door
      await pageOnCall(file);
      const outcome = await respondUntilSatisfied(emergency, await contactCustomer(emergency));
      await reviewCase(emergency);
      return file.plan.drill ? scoreDrill(emergency) : outcome;
    },
  );
}

type EmergencyCase = CaseFile<EmergencyStage, EmergencyPlan>;
interface Emergency extends Supported {
  file: EmergencyCase;
  undo: UndoList;
}

const reported = (file: EmergencyCase, undo: UndoList, done: WorkDone): Emergency => ({
  ...{ file, undo, done, customerParts: [], responder: '' },
  ...{ severity: file.plan.severity, dataLost: false, crew: new Set() },
});

/** Step 4, solve and close: round after round, until the customer is satisfied or a supervisor ends it (C13). */
async function respondUntilSatisfied(emergency: Emergency, first: Way): Promise<EmergencyOutcome> {
  let way = first;
  for (let round = 1; ; round += 1) {
    const outcome = await restore(emergency, way);
    const satisfied = await recordAndSign(emergency, outcome, round);
    // solved is not closed: the customer verifies it, and is asked later whether it is fully solved (M31)
    if (
      satisfied &&
      (await completedAndVerified(emergency, outcome)) &&
      (await followUp(emergency))
    )
      return outcome;

    const further = await furtherVisit(emergency, round);
    if (!further) break;
    way = further;
  }
  const ended = await endUnsatisfied(emergency);
  emergency.file.meetClock('resolution');
  return ended;
}

/** By remote fix, visit or part swap; what data was lost is recovered last, also where the fault is not covered: it is the customer's. */
async function restore(emergency: Emergency, first: Way): Promise<EmergencyOutcome> {
  const way = first.kind === 'remote' ? await fixRemotely(emergency) : first;
  const visited = way.kind === 'visit' ? await visitUntilDone(emergency, way.borrow) : null;
  if (emergency.dataLost) await recoverData(emergency);
  if (visited === 'notCovered') return visited;
  emergency.file.meetClock('restore');
  return visited ? 'restored' : 'restoredRemotely';
}

/** The incident report; after a visit also the service record, signed and rated, with the warranty procedure where it is owed. */
async function recordAndSign(
  emergency: Emergency,
  outcome: EmergencyOutcome,
  round: number,
): Promise<boolean> {
  const visited = outcome !== 'restoredRemotely';
  const satisfied = !visited || (await signOnSite(emergency, round));
  await writeIncidentReport(emergency, round);
  return satisfied;
}

async function signOnSite(emergency: Emergency, round: number): Promise<boolean> {
  const { file, done } = emergency;
  const record = await writeRecord(file, done, round);
  if (file.plan.entitlement.verdict === 'inWarranty') await claimWarranty(emergency);
  return signAndRate(file, record);
}

/** Handling time, staff and solution: the incident report and the record of its resolution in one, a new version each round. */
async function writeIncidentReport(emergency: Emergency, round: number): Promise<void> {
  const { file, done, responder, crew, severity } = emergency;
  const minutesSoFar = Math.ceil((now() - Date.parse(file.openedAt)) / 60_000);
  const assignee = file.assignee();
  const everybody = [...new Set([...crew, ...(assignee ? [assignee] : [])])];
  file.enter('recording');
  const { causeCode, remedyCode, documents, faultCode, used } = done;
  const context = { minutesSoFar, staff: everybody, causeCode, remedyCode };
  const { answer, taken: incidentReport } = await file.askUntilTaken(
    () => file.ask('writeIncidentReport', context, { assignee: responder }),
    ({ document, answeredBy: _, answeredAt: __, ...written }) => {
      const incident = { incident: severity, reported: file.plan.reported, faultCode, used };
      return file.call(
        'records',
        'createServiceRecord',
        {
          round,
          documents: [...documents, ...documentOf({ document })],
          facts: { ...incident, ...written },
        },
        `incident report of round ${round}`,
        { correctable: true },
      );
    },
  );
  Object.assign(done, { causeCode: answer.causeCode, remedyCode: answer.remedyCode });
  noteWork(emergency, answer);
  file.know({ incidentReport });
}

/** Step 5: fully solved? feedback. Not solved sends the case back to service. */
async function followUp({ file }: Emergency): Promise<boolean> {
  file.enter('followingUp');
  const notBefore = new Date(now() + file.plan.followUpAfterMs).toISOString();
  const { outcome } = await callUntilReached(file, 'recordFollowUp', 'followUp', notBefore);
  if (outcome === 'settled') file.meetClock('resolution');
  return outcome === 'settled';
}

/** Emergencies are reviewed regularly for root causes, and the results change the flow (003 6.3). */
async function reviewCase({ file, done }: Emergency): Promise<void> {
  const { faultCode, causeCode } = done;
  const { territory } = file.plan;
  file.enter('reviewing');
  const review = await file.ask('reviewEmergency', { faultCode, causeCode });
  const { rootCause, improvements } = review;
  done.rootCause = rootCause;
  done.documents.push(...documentOf(review));
  file.know({ review: { rootCause, improvements } });
  if (improvements.length > 0)
    file.tell('improvementProposed', { kind: 'role', role: 'manager', territory }, { rootCause });
}

/** The evaluation of a drill: response time, resolution efficiency, satisfaction (K19). */
async function scoreDrill({ file }: Emergency): Promise<EmergencyOutcome> {
  file.enter('scoringDrill');
  const scored = await file.ask('scoreDrill', { clocks: clockRuns(file) });
  const { form, response, efficiency, satisfaction, improvements } = scored;
  file.know({ drill: { form, response, efficiency, satisfaction, improvements } });
  return 'drillCompleted';
}

const clockRuns = (file: EmergencyCase): ClockRun[] =>
  file.clocks().map((clock) => ({
    name: clock.plan.name,
    targetMs: clock.plan.targetMs,
    tookMs: clock.metAt === null ? null : elapsedMs(clock, clock.metAt),
  }));
