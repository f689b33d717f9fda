/** The one loop that keeps the house. It wakes whom the flow has waiting; once the flow stands still it acts, one decision at a time, in a
 *  fixed order: so what a history holds does not depend on how many promise turns a wait takes. Only here are commands given to the engine. */
import { allHandlersFinished, CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { summaryOf } from '../../domain/page.ts';
import { callOurs, callQuickly } from './calls.ts';
import { hasErrands, isBriefly, isBusy, putDown, readOne, sendErrands } from './errands.ts';
import { isWalking } from './journal.ts';
import { hasMail, sendMail } from './outbox.ts';
import { showInEngine, takeProgress } from './row.ts';
import { type Moment, now, type Run, type Waiter } from './run.ts';
import { untilSeen, wakeSleepers } from './turns.ts';

/** How a run ends: the work is done, or it has grown long and continues as new. */
export type Over = 'done' | 'continued';

/** What the house remembers beside the run's state. */
interface House {
  run: Run;
  /** The one timer, and for which moment it is set. */
  timer: { at: number; summary: string; scope: CancellationScope } | null;
  rang: boolean;
  /** A row is under way. */
  writing: boolean;
  /** The search attributes as they stand. */
  shown: Map<string, string>;
  /** The flow failed, other than by an ending. */
  failure: { error: unknown } | null;
}

interface Decision {
  isDue: (house: House) => boolean;
  act: (house: House) => Over | Promise<void> | void;
  /** It only gives commands: the flow stands as still as before. */
  isQuiet?: true;
}

/** The fixed order of the house: the first that is due is acted on, then all is looked at anew. */
const decisions: Decision[] = [
  { isDue: ({ failure }) => failure !== null, act: fail },
  { isDue: isAstray, act: giveUpTheWalk },
  { isDue: ({ rang, run }) => rang && !run.finished, act: ring },
  { isDue: ({ run }) => run.errands.some(({ read }) => read), act: ({ run }) => readOne(run) },
  { isDue: ({ run }) => hasErrands(run), act: ({ run }) => sendErrands(run), isQuiet: true },
  { isDue: ({ run }) => hasMail(run), act: ({ run }) => sendMail(run), isQuiet: true },
  { isDue: isRowDue, act: writeRow },
  { isDue: ({ run }) => readable(run) !== undefined, act: giveAnswer },
  { isDue: isGrown, act: () => 'continued' },
  { isDue: isOver, act: () => 'done' },
  { isDue: isTimerAmiss, act: setTimer, isQuiet: true },
];

/** Keeps house until the run is over; `work` is the flow, begun by then. */
export async function keepHouse(run: Run, work: Promise<void>): Promise<Over> {
  const house: House = {
    ...{ run, timer: null, rang: false, writing: false, shown: new Map() },
    failure: null,
  };
  work.catch((error) => {
    house.failure = { error };
  });
  const due = () => decisions.find(({ isDue }) => isDue(house));
  for (;;) {
    let isAwake = false;
    await untilSeen((isStill) => {
      isAwake = wakeSleepers(run.sleepers);
      return isStill && (isAwake || due() !== undefined);
    });
    if (isAwake) continue;
    let next = due();
    for (; next?.isQuiet; next = due()) next.act(house);
    const over = next?.act(house);
    if (over instanceof Promise) await over;
    else if (over) return over;
  }
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
  const alarms = [...run.alarms].map((alarm) => ({
    ...alarm,
    happen: () => void run.alarms.delete(alarm),
  }));
  return [...run.identity.moments(), ...alarms].sort((a, b) => a.at - b.at)[0];
}

/** An alarm only wakes: what is due happens here. */
function ring(house: House): void {
  house.rang = false;
  for (let next = nextMoment(house.run); next && next.at <= now(); next = nextMoment(house.run))
    next.happen();
}

/** Not while the flow waits for something brief: its end is in the same row then. Unless somebody waits for an answer. */
function isRowDue({ run, writing }: House): boolean {
  const { due, published, unpublished } = run.state;
  if (writing) return false;
  if (run.answers.some((one) => isAhead(run, one))) return true;
  return due > published ? !isBriefly(run) : isAtEnd(run) && unpublished.length > 0;
}

const isAtEnd = (run: Run) => run.finished && !isBusy(run) && run.state.messages.length === 0;

/** True when this caller waits for a row that can be written now. */
function isAhead({ state }: Run, { revision }: Waiter): boolean {
  const wanted = revision();
  return wanted !== null && wanted > state.published;
}

/** One row at a time, all that is new in one: a local activity, which costs one event, and nothing else happens meanwhile; then, so that a
 *  database that is down fills no history with heartbeats, a patient normal one. The last row is a normal one at once: it commits all
 *  before, and the run ends in a task that has written nothing, so that nothing is lost that arrives meanwhile. */
function writeRow(house: House): Promise<void> | void {
  const { run } = house;
  const isLast = isAtEnd(run);
  const progress = takeProgress(run);
  const summary = summaryOf(progress);
  const written = () => {
    run.state.published = progress.revision;
    house.writing = false;
  };
  const write = () => callOurs('recordProgress', progress, summary).then(written);
  const writePatiently = () => void putDown(run, progress.effectKey, write);
  house.writing = true;
  // attributes wait for the row of where the flow comes to
  if (!isBriefly(run)) showInEngine(progress, house.shown);
  if (isLast) return writePatiently();
  return callQuickly('recordProgress', progress, summary).then(written, writePatiently);
}

const readable = ({ answers, state }: Run) =>
  answers.find(({ revision }) => (revision() ?? Number.POSITIVE_INFINITY) <= state.published);

/** One answer at a time: each is a command too. */
function giveAnswer({ run }: House): void {
  const answer = readable(run);
  run.answers = run.answers.filter((one) => one !== answer);
  answer?.give();
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

/** A timer that is left over when all is done ends with the run. */
function isTimerAmiss({ run, timer }: House): boolean {
  if (run.finished || isBriefly(run)) return false;
  const next = nextMoment(run);
  return next?.at !== timer?.at || next?.summary !== timer?.summary;
}

function setTimer(house: House): void {
  house.timer?.scope.cancel();
  house.timer = null;
  const next = nextMoment(house.run);
  if (!next) return;
  const { at, summary } = next;
  const left = at - now();
  if (left <= 0) {
    house.rang = true;
    return;
  }
  const timer = { at, summary, scope: new CancellationScope() };
  house.timer = timer;
  timer.scope
    .run(() => sleep(left, { summary }))
    .then(
      () => {
        if (house.timer !== timer) return;
        house.rang = true;
        house.timer = null;
      },
      () => undefined, // called off
    );
}
