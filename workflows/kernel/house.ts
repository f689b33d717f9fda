/** The one loop that keeps the house. Once the flow stands still it acts, one decision at a time, in a fixed order: so what a history
 *  holds does not depend on how many promise turns a wait takes. Only here are commands given to the engine. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { summaryOf } from '../../domain/page.ts';
import { callOurs, callQuickly } from './calls.ts';
import { hasErrands, isBusy, isOurs, putDown, readOne, sendErrands } from './errands.ts';
import { isWalking } from './journal.ts';
import { mail } from './outbox.ts';
import { showInEngine, takeProgress } from './row.ts';
import { type Moment, now, type Run } from './run.ts';

/** How a run ends: the work is done, or it has grown long and continues as new. */
export type Over = 'done' | 'continued';

/** What the house remembers beside the run's state. */
interface House {
  run: Run;
  /** The one timer, and for which moment it is set. */
  timer: { at: number; summary: string; scope: CancellationScope } | null;
  rang: boolean;
  /** A batch of messages is under way. */
  mailing: boolean;
  /** A row is under way. */
  writing: boolean;
  /** The search attributes as they stand. */
  shown: Map<string, string>;
  /** The flow failed, other than by an ending. */
  failure: { error: unknown } | null;
}

interface Decision {
  isDue: (house: House) => boolean;
  act: (house: House) => Over | undefined | Promise<undefined>;
}

/** The fixed order of the house: the first that is due is acted on, then all is looked at anew. */
const decisions: Decision[] = [
  { isDue: ({ failure }) => failure !== null, act: fail },
  { isDue: isAstray, act: giveUpTheWalk },
  { isDue: ({ rang }) => rang, act: ring },
  { isDue: ({ run }) => run.errands.some(({ read }) => read), act: ({ run }) => readOne(run) },
  { isDue: ({ run }) => hasErrands(run), act: sendOut },
  { isDue: ({ run, mailing }) => run.state.messages.length > 0 && !mailing, act: sendMail },
  { isDue: isRowDue, act: writeRow },
  { isDue: ({ run }) => readable(run) !== undefined, act: giveAnswer },
  { isDue: isGrown, act: () => 'continued' },
  { isDue: isOver, act: () => 'done' },
  { isDue: isTimerAmiss, act: setTimer },
];

/** Keeps house until the run is over; `work` is the flow, begun by then. */
export async function keepHouse(run: Run, work: Promise<void>): Promise<Over> {
  const house: House = {
    ...{ run, timer: null, rang: false, mailing: false, writing: false, shown: new Map() },
    failure: null,
  };
  work.catch((error) => {
    house.failure = { error };
  });
  const due = () => decisions.find(({ isDue }) => isDue(house));
  for (;;) {
    await condition(() => due() !== undefined);
    await stillness(run);
    const over = await due()?.act(house);
    if (over) return over;
  }
}

/** The flow stands still: a pass of the engine in which no wait but ours was released. */
async function stillness(run: Run): Promise<void> {
  let before: number;
  do {
    before = run.stirs;
    await nextPass();
  } while (run.stirs !== before);
}

/** `condition` asks at once, which must say no, and then once in each pass. */
function nextPass(): Promise<void> {
  let asked = false;
  return condition(() => {
    const before = asked;
    asked = true;
    return before;
  });
}

function fail({ failure }: House): never {
  throw failure?.error;
}

/** At the first stillness the walk must be over: what then lies ahead can't be reached on this build. */
function isAstray({ run }: House): boolean {
  return isWalking(run) && !run.interrupted;
}

/** This run ends before it has done anything that a build which knows the way would not do: so no build is asked to replay it. */
function giveUpTheWalk({ run }: House): Over {
  run.state.lost = true;
  return 'continued';
}

/** The earliest of all that falls due; late if the engine was away (N4). */
function nextMoment(run: Run): Moment | undefined {
  if (run.finished) return undefined;
  const alarms = [...run.alarms].map((alarm) => ({
    ...alarm,
    happen: () => void run.alarms.delete(alarm),
  }));
  return [...run.identity.moments(), ...alarms].sort((a, b) => a.at - b.at)[0];
}

/** An alarm only wakes: what is due happens here. */
function ring(house: House): undefined {
  house.rang = false;
  for (let next = nextMoment(house.run); next && next.at <= now(); next = nextMoment(house.run))
    next.happen();
}

function sendOut({ run }: House): undefined {
  sendErrands(run);
}

function sendMail(house: House): undefined {
  house.mailing = true;
  mail(house.run, () => {
    house.mailing = false;
  });
}

function isRowDue({ run, writing }: House): boolean {
  return !writing && run.state.revision > run.state.published;
}

/** One row at a time, all that is new in one: a local activity, which costs one event, and nothing else happens meanwhile; then, so that a
 *  database that is down fills no history with heartbeats, a patient normal one. The last row is a normal one at once: it commits all
 *  before, and the run ends in a task that has written nothing, so that nothing is lost that arrives meanwhile. */
async function writeRow(house: House): Promise<undefined> {
  const { run } = house;
  const isLast = run.finished && !isBusy(run) && run.state.messages.length === 0;
  const progress = takeProgress(run);
  const summary = summaryOf(progress);
  const written = (): undefined => {
    run.state.published = progress.revision;
    house.writing = false;
  };
  house.writing = true;
  // attributes wait for the row that comes when our own books have answered
  if (isLast || !run.errands.some(isOurs)) showInEngine(progress, house.shown);
  if (!isLast) {
    const isDone = await callQuickly('recordProgress', progress, summary).then(
      () => true,
      () => false,
    );
    if (isDone) return written();
  }
  putDown(run, progress.effectKey, () =>
    callOurs('recordProgress', progress, summary).then(written),
  );
}

const readable = ({ answers }: Run) => answers.find(({ isReadable }) => isReadable());

/** One answer at a time: each is a command too. */
function giveAnswer({ run }: House): undefined {
  const answer = readable(run);
  if (!answer) return;
  answer.done = true;
  run.answers = run.answers.filter((one) => one !== answer);
}

/** The server refuses the 2,001st update of a run and ends a history at 51,200 events: leave well before (I18), with no caller waiting. */
function isGrown({ run, writing }: House): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  const isLong = continueAsNewSuggested || historyLength > 8_000 || run.actsInRun >= 1_500;
  return (
    (isLong || run.again) && !writing && !run.finished && !isWalking(run) && allHandlersFinished()
  );
}

function isOver({ run, writing }: House): boolean {
  return run.finished && !writing && !isBusy(run) && run.answers.length === 0;
}

function isTimerAmiss({ run, timer }: House): boolean {
  const next = nextMoment(run);
  return next?.at !== timer?.at || next?.summary !== timer?.summary;
}

/** Called off, then set anew: two decisions. */
function setTimer(house: House): undefined {
  const { run, timer } = house;
  if (timer) {
    house.timer = null;
    timer.scope.cancel();
    return;
  }
  const next = nextMoment(run);
  if (!next) return;
  const { at, summary } = next;
  const left = at - now();
  if (left <= 0) {
    house.rang = true;
    return;
  }
  const scope = new CancellationScope();
  house.timer = { at, summary, scope };
  scope
    .run(() => sleep(left, { summary }))
    .then(
      () => {
        house.rang = true;
        house.timer = null;
      },
      () => undefined, // called off
    );
}
