/** Plays cases over the API: one line per step as it happens, and the messages that customers get. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Api, type CaseNow, DemoError, type Flow, type OpenTask } from './api.ts';
import type { Story } from './stories.ts';

/** Where a demo is played. */
export interface Stage {
  api: Api;
  /** A line between the steps. */
  say: (line: string) => void;
  /** A step as it happens: who, and what; nobody when it is the system's. */
  tell: (who: string | null, what: string) => void;
  /** Time to read a line. */
  pause: () => Promise<unknown>;
  /** Breaks something, while the story goes on, and says what; null: nothing here may be broken. */
  breakSomething: (() => Promise<void>) | null;
}

/** How a played case ended. */
export interface Played {
  title: string;
  ended: CaseNow;
}

const endings = ['closed', 'rejected', 'canceled'];

/** Plays one story to its end. Fails `DemoError` when the case stands still. */
export async function playStory(stage: Stage, story: Story): Promise<Played> {
  const title = `${story.name} ${story.title}`;
  stage.say(`\n${title}`);
  stage.say(story.before);
  const opened = await stage.api.open({
    ...story.request,
    allowDuplicate: { reason: 'Another demo.' },
  });
  const severity = 'severity' in story.request ? `, ${story.request.severity}` : '';
  stage.tell('hotline', `opens ${opened.caseNumber}: ${opened.flow}${severity}`);
  return { title, ended: await goOn(stage, story, opened) };
}

/** Plays a flow by its own examples. */
export async function playFlow(stage: Stage, flow: Flow): Promise<Played> {
  const { properties, examples } = flow.inputSchema;
  const allowed =
    'allowDuplicate' in properties ? { allowDuplicate: { reason: 'Another demo.' } } : {};
  const request = { ...examples[0], flow: flow.name };
  const title = `One case of ${flow.title.en.toLowerCase()}`;
  stage.say(`\n${title}, down its longest path`);
  const opened = await stage.api.open({ ...request, ...allowed });
  stage.tell('hotline', `opens ${opened.caseNumber}: ${flow.name}`);
  const story = { name: '', title, before: '', request, acts: {} };
  return { title, ended: await goOn(stage, story, opened) };
}

/** Answers what is open, one after another, until the case has ended. */
async function goOn(stage: Stage, story: Story, opened: CaseNow): Promise<CaseNow> {
  const tellMessages = createTeller(stage, opened.caseNumber);
  let broken = false;
  let found = opened;
  for (let idleSince = Date.now(); !endings.includes(found.status); ) {
    await tellMessages();
    const [task] = found.openTasks;
    if (!task) {
      if (Date.now() - idleSince > 120_000)
        throw new DemoError(`${found.caseNumber} stands still at ${found.stage}`);
      await delay(100);
      found = await stage.api.read(found.caseNumber);
      continue;
    }
    await stage.pause();
    if (story.breaksBefore === task.name && !broken && stage.breakSomething) {
      broken = true;
      await stage.breakSomething();
    }
    found = await doNext(stage, story, found, task);
    idleSince = Date.now();
  }
  await tellMessages();
  for (const { caseNumber, flow, was } of found.facts.linkedCases ?? [])
    if (was === 'opened') stage.tell(null, `from it came ${caseNumber}: ${flow}`);
  const clocks = found.clocks.map(({ name, state }) => `; ${name} ${state}`).join('');
  stage.tell(null, `${found.caseNumber} is ${found.status}: ${found.outcome}${clocks}`);
  return found;
}

async function doNext(
  { api, tell }: Stage,
  story: Story,
  found: CaseNow,
  task: OpenTask,
): Promise<CaseNow> {
  if (story.passed?.task === task.name && task.id.endsWith('-1')) {
    tell(task.assignee ?? task.role, story.passed.says);
    return untilGone(api, found.caseNumber, task.id);
  }
  const act = story.acts[task.name];
  const [example] = task.answerSchema.examples;
  const then = await api.answer(found.caseNumber, task, { ...example, ...act?.answer });
  const title = task.title?.en ?? task.name;
  tell(task.role, `${title}${act ? `: ${act.says}` : ''}`);
  return then;
}

async function untilGone(api: Api, caseNumber: string, taskId: string): Promise<CaseNow> {
  for (;;) {
    const found = await api.read(caseNumber);
    const [next] = found.openTasks;
    if (next && next.id !== taskId) return found;
    await delay(100);
  }
}

/** Says each message to the customer once. */
function createTeller({ api, tell }: Stage, caseNumber: string): () => Promise<void> {
  const printed = new Set<string>();
  return async () => {
    for (const { notificationNumber, recipient, channel, text } of await api.messages(caseNumber)) {
      if (recipient.kind !== 'customer' || printed.has(notificationNumber)) continue;
      printed.add(notificationNumber);
      tell(null, `✉ ${channel} to the customer: ${text}`);
    }
  };
}
