/** An effect of the flow on a service: once per effect key, visible while it waits, decided by a supervisor when it is refused for good. */
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { type Effects, isBooks, type Service } from './effects.ts';
import { callEffect } from './partners.ts';
import type { HumanTask } from './tasks.ts';
import { keyOf, publish, recall, type WorkFile, waitingFor } from './work-file.ts';

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

export type Caller = <S extends Service, K extends keyof Effects[S] & string>(
  service: S,
  effect: K,
  request: Asked<S, K>,
  summary: string,
) => Promise<Given<S, K>>;

/** The one way in which a flow changes the world. */
export function callerFor(file: WorkFile, resolveFailure: HumanTask<'resolveFailure'>): Caller {
  return (service, effect, request, summary) => {
    const step = `${service}.${effect}`;
    return recall(file, step, async (occurrence) => {
      const asked = {
        ...request,
        effectKey: keyOf(file, step, occurrence),
        caseNumber: file.identity.caseNumber,
      };
      const attempt = () =>
        whileBooking(file, service, () => callEffect(file, service, effect, asked, summary));
      const answer = await waitingFor(file, step, service, () =>
        untilTaken(file, resolveFailure, step, occurrence, attempt),
      );
      publish(file, { kind: 'effectDone', subject: step, detail: { summary } });
      return answer as Given<typeof service, typeof effect>;
    });
  };
}

async function whileBooking<T>(
  file: WorkFile,
  service: Service,
  write: () => Promise<T>,
): Promise<T> {
  if (!isBooks(service)) return write();
  file.booking += 1;
  try {
    return await write();
  } finally {
    file.booking -= 1;
  }
}

/** An effect that takes another one back, under a key of the undo's own; nothing else of our books is written meanwhile. */
export const undoEffect = <S extends Service>(
  file: WorkFile,
  service: S,
  effect: keyof Effects[S] & string,
  request: object,
  summary: string,
): Promise<unknown> =>
  whileBooking(file, service, () => callEffect(file, service, effect, request, summary));

/** A refusal for good becomes a task of a supervisor; the same effect key is tried again once it is settled. */
async function untilTaken(
  file: WorkFile,
  resolveFailure: HumanTask<'resolveFailure'>,
  effect: string,
  occurrence: number,
  attempt: () => Promise<unknown>,
): Promise<unknown> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = failureOf(error);
      publish(file, { kind: 'effectRefused', subject: effect, detail: { failure } });
      await resolveFailure.completed({ effect, failure }, { within: `${effect}-${occurrence}` });
    }
  }
}

/** The type of what went wrong, from the closed list of failures; never its message. */
export function failureOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? 'unknown') : 'unknown';
}
