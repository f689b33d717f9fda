/** The effects of a flow: each once under a key that the workflow built (D2). A refusal for good is a supervisor's to decide. */
import type { Effects } from '../../activities/index.ts';
import type { Actor } from '../../domain/case.ts';
import { askWithin } from '../kernel/ask.ts';
import { failureOf, type Made, make, type Service } from '../kernel/calls.ts';
import { ErrandFailure } from '../kernel/errands.ts';
import { corrected, isCorrection, type Place, shown, step } from '../kernel/journal.ts';
import { mention, type Run, report } from '../kernel/run.ts';

type Effect<S extends Service, K extends keyof Effects[S]> = Effects[S][K] extends (
  request: infer R,
) => Promise<infer A>
  ? { request: R; answer: A }
  : never;
/** A flow gives the facts; the kernel adds the effect key and the case number. */
export type Asked<S extends Service, K extends keyof Effects[S]> = Omit<
  Effect<S, K>['request'],
  'effectKey' | 'caseNumber'
>;
export type Given<S extends Service, K extends keyof Effects[S]> = Effect<S, K>['answer'];

/** What a supervisor may decide, beside trying again, once an effect is refused for good. */
export interface Terms<Answer> {
  /** The answer that it follows from can be asked for anew. */
  correctable?: boolean;
  /** The flow can go on as if it had given this; `waives`: the blocker that it would have lifted. */
  without?: { give: Answer; waives?: string };
}

/** The one way in which a flow changes the world. */
export type Caller = <S extends Service, K extends keyof Effects[S] & string, Else = never>(
  service: S,
  effect: K,
  request: Asked<S, K>,
  summary: string,
  terms?: Terms<Given<S, K> | Else>,
) => Promise<Given<S, K> | Else>;

export const callerFor =
  (run: Run): Caller =>
  (service, effect, request, summary, terms = {}) =>
    step(run, `${service}.${effect}`, (place) =>
      untilTaken(run, { service, effect, request, summary, terms }, place),
    );

interface Call<T> extends Made {
  terms: Terms<T>;
}

/** A refusal for good becomes a task of a supervisor: tried again under the same key, corrected, or gone on without. */
async function untilTaken<T>(run: Run, call: Call<T>, { entry, effectKey }: Place): Promise<T> {
  const { service, effect, summary, terms } = call;
  const name = `${service}.${effect}`;
  const { caseNumber } = run.identity;
  const request = entry.request ?? { ...call.request, effectKey, caseNumber };
  entry.request = request;
  const attempt = () => make(run, effectKey, { ...call, request });
  for (;;) {
    if (!entry.refused) {
      try {
        const given = await shown(run, [name, service, entry.since], attempt);
        mention(run, { kind: 'effectDone', subject: name, detail: { summary } });
        return given as T;
      } catch (error) {
        if (!(error instanceof ErrandFailure)) throw error;
        entry.refused = { failure: failureOf(error.cause), number: error.number };
        const detail = { failure: entry.refused.failure };
        report(run, { kind: 'effectRefused', subject: name, detail });
      }
    }
    const decided = await decide(run, name, entry.refused, terms);
    delete entry.refused;
    if (decided.decision === 'correctAnswer') {
      Object.assign(entry, { done: true, corrected: true });
      throw corrected();
    }
    if (decided.decision === 'goOnWithout' && terms.without)
      return goOnWithout(run, name, decided, terms.without);
  }
}

const decide = (
  run: Run,
  effect: string,
  { failure, number }: { failure: string; number: number },
  { correctable, without }: Terms<unknown>,
) =>
  askWithin(run, 'resolveFailure', number, {
    effect,
    failure,
    decisions: [
      'tryAgain',
      ...(correctable ? (['correctAnswer'] as const) : []),
      ...(without ? (['goOnWithout'] as const) : []),
    ],
  });

/** By name and with a reason: what the effect would have lifted is waived. */
function goOnWithout<T>(
  run: Run,
  effect: string,
  {
    answeredBy: actor,
    answeredAt: at,
    reason,
  }: { answeredBy: Actor; answeredAt: string; reason: string },
  { give, waives: id }: { give: T; waives?: string },
): T {
  report(run, { kind: 'effectWaived', actor, reason, subject: effect });
  if (id !== undefined) run.state.waivers.push({ id, reason, actor: actor.id, at });
  return give;
}

/** Asks, and carries out what was answered; an answer whose effect was refused for good is asked for anew when a supervisor says so. */
export async function askUntilTaken<A, T>(
  asked: () => Promise<A>,
  carryOut: (answer: A) => Promise<T>,
): Promise<{ answer: A; taken: T }> {
  for (;;) {
    const answer = await asked();
    try {
      return { answer, taken: await carryOut(answer) };
    } catch (error) {
      if (!isCorrection(error)) throw error;
    }
  }
}
