/** In-warranty repair with a loan as one would write it on the bare SDK: the same updates, activities, child and promises as the
 *  product's longest path, one after another, each document by a normal activity. No read model, no search attributes, no worklist. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { TwinActivities } from './twin-activities.ts';

/** Who answered, and what. */
export interface TwinAnswer {
  by: string;
  answer: object;
}

const write = proxyActivities<TwinActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
});
const loanIssued = defineSignal('loanReported');
const loanEnds = defineSignal('loanNoLongerNeeded');

/** A case from call to close; its loan is a child of its own. */
export async function twinRepair(opening: object): Promise<void> {
  const ask = openDesk(caseAnswers);
  let issued = false;
  setHandler(loanIssued, () => {
    issued = true;
  });
  const response = promise('response', '3h');
  const restore = promise('restore', '36h');
  const resolution = promise('resolution', '72h');

  const told = write.sendMessages(keyOf('opened'), opening); // the desk takes the call meanwhile
  await ask('reportPhoneTriage');
  await told;
  response.met();
  const lent = await ask('reportGuidedReplacement');
  const loan = await startChild(twinLoan, { workflowId: `${idOf()}/loan1`, args: [idOf(), lent] });
  await condition(() => issued);

  await write.rank(keyOf('rank'), opening);
  const { diagnosis, repair } = await repairOnSite(ask);
  restore.met();

  const signature = await writeAndSign(ask);
  await loan.signal(loanEnds);
  await write.sendMessages(keyOf('signed'), signature);
  await loan.result();

  const callback = promise('callback', '72h');
  const called = await ask('recordCallback');
  callback.met();
  await write.recordFailure(keyOf('failure'), diagnosis);
  await write.fileKnowledge(keyOf('knowledge'), repair);
  await write.archiveCase(keyOf('archive'), called);
  resolution.met();
}

/** From the visit that is agreed on to the machine that runs again. */
async function repairOnSite(ask: AskCase) {
  const visit = await ask('confirmVisit');
  await write.book(keyOf('book'), visit);
  await write.sendMessages(keyOf('visitBooked'), visit);
  await ask('confirmDeparture');
  await ask('confirmSafety');
  await ask('recordSiteFacts');
  const diagnosis = await ask('reportDiagnosis');
  await write.sendMessages(keyOf('diagnosed'), diagnosis);
  const advice = await ask('adviseDiagnosis');
  await write.sendMessages(keyOf('advised'), advice);
  await ask('adviseReplacement');
  const repair = await ask('reportRepair');
  const check = await ask('reportMachineCheck');
  await write.finish(keyOf('finish'), check);
  return { diagnosis, repair };
}

/** Service record, warranty claim, signature. */
async function writeAndSign(ask: AskCase): Promise<TwinAnswer> {
  const record = await ask('writeServiceRecord');
  await write.createServiceRecord(keyOf('serviceRecord'), record);
  const claim = await ask('fileWarrantyClaim');
  await write.registerWarrantyClaim(keyOf('warrantyClaim'), claim);
  await write.sendMessages(keyOf('claimFiled'), claim);
  const signature = await ask('signServiceRecord');
  await write.recordSignature(keyOf('signature'), signature);
  return signature;
}

/** Parts on loan, from approval to their return. */
export async function twinLoan(caseId: string, lent: TwinAnswer): Promise<void> {
  const ask = openDesk(loanAnswers);
  let ended = false;
  setHandler(loanEnds, () => {
    ended = true;
  });
  await ask('approveLoan');
  await write.reserve(keyOf('reserve'), lent);
  const issue = await ask('issueParts');
  await write.issueLoan(keyOf('issue'), issue);
  await getExternalWorkflowHandle(caseId).signal(loanIssued);
  await write.sendMessages(keyOf('loanIssued'), issue);
  const back = promise('loanReturn', '7d');
  await condition(() => ended);
  const returned = await ask('reportReturn');
  await write.returnLoan(keyOf('return'), returned);
  back.met();
}

const idOf = () => workflowInfo().workflowId;
const keyOf = (document: string) => `${idOf()}/${document}`;

const caseAnswers = [
  'reportPhoneTriage',
  'reportGuidedReplacement',
  'confirmVisit',
  'confirmDeparture',
  'confirmSafety',
  'recordSiteFacts',
  'reportDiagnosis',
  'adviseDiagnosis',
  'adviseReplacement',
  'reportRepair',
  'reportMachineCheck',
  'writeServiceRecord',
  'fileWarrantyClaim',
  'signServiceRecord',
  'recordCallback',
] as const;
const loanAnswers = ['approveLoan', 'issueParts', 'reportReturn'] as const;

type AskCase = Ask<(typeof caseAnswers)[number]>;
type Ask<Name extends string> = (name: Name) => Promise<TwinAnswer>;

/** One update for each answer: one that comes early waits until it is asked for. `opened` comes back at the first question. */
function openDesk<Name extends string>(names: readonly Name[]): Ask<Name> {
  let asked: Name | undefined;
  let given: TwinAnswer | undefined;
  setHandler(defineUpdate('opened'), () => condition(() => asked !== undefined));
  for (const name of names) {
    const take = async (answer: TwinAnswer) => {
      await condition(() => asked === name);
      [asked, given] = [undefined, answer];
    };
    setHandler(defineUpdate<void, [TwinAnswer]>(name), take, { validator: refuseNonsense });
  }
  return async (name) => {
    asked = name;
    given = undefined;
    await condition(() => given !== undefined);
    if (!given) throw ApplicationFailure.nonRetryable(`${name} has no answer`);
    return given;
  };
}

function refuseNonsense({ by, answer }: TwinAnswer): void {
  if (!by || typeof answer !== 'object') throw ApplicationFailure.nonRetryable('no answer');
}

/** What is promised in so much time; a message says so when it isn't met. */
function promise(name: string, within: '3h' | '36h' | '72h' | '7d'): { met(): void } {
  const clock = new CancellationScope();
  const overdue = clock.run(async () => {
    await sleep(within);
    await write.sendMessages(keyOf(`overdue/${name}`), {});
  });
  overdue.catch((error) => {
    if (!isCancellation(error)) throw error;
  });
  return { met: () => clock.cancel() };
}
