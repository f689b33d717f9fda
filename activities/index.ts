/** What touches the world: one object of functions per task queue. Domain call, service call, classified failure. */
import { ApplicationFailure } from '@temporalio/common';
import type { LinkedCase, LinkedRequest } from '../domain/linked.ts';
import type { DispatchService } from '../services/dispatch/index.ts';
import { toServiceFailure } from '../services/failures.ts';
import type { NotificationService, SendRequest } from '../services/notification/index.ts';
import type { BuiltInParts, PartsService } from '../services/parts/index.ts';
import type { BillingStore } from './billing.ts';
import type { ProgressStore, RecordsStore } from './ports.ts';

/** The services that may be a partner's. */
export interface Services {
  parts: PartsService;
  dispatch: DispatchService;
  notification: NotificationService;
}

export interface ActivityDeps extends Services {
  progress: ProgressStore;
  /** The built-in services, for cases that a supervisor diverts from a partner; the same as above where there is none. */
  builtIn: Services & { parts: BuiltInParts };
  records: RecordsStore;
  billing: BillingStore;
  intake: IntakeActivities;
}

export type PartsActivities = Pick<
  PartsService,
  | 'reserve'
  | 'release'
  | 'receive'
  | 'issueLoan'
  | 'returnLoan'
  | 'writeOffLoan'
  | 'extendLoan'
  | 'receiveOldParts'
  | 'issueSale'
  | 'takeBackSold'
  | 'receiveHandedOver'
  | 'soldTo'
>;
export type DispatchActivities = Pick<
  DispatchService,
  'rank' | 'onCall' | 'book' | 'cancel' | 'reassign' | 'finish'
>;
/** How one message of a batch went: accepted under its number, or refused for good. */
export type SendResult = { notificationNumber: string } | { refused: string };
export interface NotificationActivities {
  /** Sends in the order given; one that is refused for good does not keep the next ones back. Answers for as many as it got to, one
   *  at least: a slow gateway takes the rest of the batch in further calls. */
  sendMessages(request: { messages: SendRequest[] }): Promise<SendResult[]>;
}
/** A call to a service, as a case makes it. */
export interface ServiceCall {
  service: keyof Services;
  effect: string;
  request: object;
}
export interface DivertedActivities {
  /** The same call, with the same effect key, to the built-in service. `earlier`: what the case did at the partner before, told first. */
  callBuiltIn(call: ServiceCall & { earlier: ServiceCall[] }): Promise<unknown>;
}
/** Documents of ours: service records and what follows from them, and the books of money. */
export type RecordsActivities = RecordsStore & BillingStore;
export interface IntakeActivities {
  /** Opens a case for another one, once per effect key, or finds the open one of the same kind. */
  openLinkedCase(request: LinkedRequest): Promise<LinkedCase>;
  /** Starts the cycle that a case's row stands in; harmless when it has started. */
  startCycle(request: { effectKey: string; caseNumber: string; cycle: number }): Promise<void>;
  /** Opens the round of a plan's nominal time (ISO 8601), once, or says what stands of it. */
  openOccurrence(due: OccurrenceDue): Promise<OpenedOccurrence>;
}
export interface OccurrenceDue {
  planNumber: string;
  nominalAt: string;
}
/** `caseNumber`: the round that was opened, or the open one that it was left out for. */
export interface OpenedOccurrence {
  result: 'opened' | 'skipped' | 'buffered' | 'refused';
  caseNumber: string | null;
}
export interface BookkeepingActivities {
  claimCycle: ProgressStore['claimCycle'];
  recordProgress: ProgressStore['record'];
}

type Effect = (request: never) => Promise<unknown>;

/** Gives a failure its type; no message carries personal data. */
function failingAs<F extends Effect>(
  effect: F,
  isPermanent: (failure: ReturnType<typeof toServiceFailure>) => boolean,
): F {
  return (async (request: never) => {
    try {
      return await effect(request);
    } catch (error) {
      const failure = toServiceFailure(error);
      const { type, message, retryAfterMs } = failure;
      throw ApplicationFailure.create({
        type,
        message,
        nonRetryable: isPermanent(failure),
        ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
      });
    }
  }) as F;
}

/** 4xx is permanent; 408, 429, 5xx, network and serialization failures are tried again. */
const classified = <F extends Effect>(effect: F): F =>
  failingAs(effect, (failure) => !failure.retryable);

/** Our own books have no branch for a refusal: it is tried until it is mended, and the case waits, seen and whole. */
const insisting = <F extends Effect>(effect: F): F => failingAs(effect, () => false);

/** Time for one more message within an attempt: each may take eight seconds of its ten. */
const batchMs = 1_500;

async function sendInOrder(
  notification: NotificationService,
  messages: SendRequest[],
): Promise<SendResult[]> {
  const startedAt = Date.now();
  const results: SendResult[] = [];
  for (const message of messages) {
    if (results.length > 0 && Date.now() - startedAt > batchMs) break;
    try {
      results.push(await sendOne(notification, message));
    } catch (error) {
      if (results.length === 0) throw error;
      break;
    }
  }
  return results;
}

async function sendOne(
  notification: NotificationService,
  message: SendRequest,
): Promise<SendResult> {
  try {
    return await notification.send(message);
  } catch (error) {
    const failure = toServiceFailure(error);
    if (failure.retryable) throw failure;
    return { refused: failure.type };
  }
}

function only<T extends object, K extends keyof T & string>(service: T, names: K[]): Pick<T, K> {
  const bound = names.map((name) => [name, classified((service[name] as Effect).bind(service))]);
  return Object.fromEntries(bound) as Pick<T, K>;
}

/** What stands beside the workflows: our own books, and our front door. */
const ownBooks = ({ progress, records, billing, intake }: ActivityDeps) =>
  ({
    claimCycle: insisting(progress.claimCycle.bind(progress)),
    recordProgress: insisting(progress.record.bind(progress)),
    ...only(records, [
      'createServiceRecord',
      'recordSignature',
      'registerWarrantyClaim',
      'withdrawWarrantyClaim',
      'fileKnowledge',
      'archiveCase',
      'recordFailure',
      'registerAction',
      'checkEffect',
      'effectCheckOf',
      'noteOnSources',
    ]),
    ...only(billing, [
      'priceParts',
      'fileDecision',
      'presentQuote',
      'settleQuote',
      'withdrawQuotes',
      'issueInvoice',
      'voidInvoice',
      'recordPayment',
      'refund',
      'settleProvider',
      'recordOldPartChoices',
    ]),
    ...only(intake, ['openLinkedCase', 'startCycle']),
    openOccurrence: insisting(intake.openOccurrence.bind(intake)),
  }) satisfies BookkeepingActivities & RecordsActivities & IntakeActivities;

/** The activities of the services, over whatever implements them. */
const serviceActivities = ({ parts, dispatch, notification }: Services) => ({
  parts: only(parts, [
    'reserve',
    'release',
    'receive',
    'issueLoan',
    'returnLoan',
    'writeOffLoan',
    'extendLoan',
    'receiveOldParts',
    'issueSale',
    'takeBackSold',
    'receiveHandedOver',
    'soldTo',
  ]) satisfies PartsActivities,
  dispatch: only(dispatch, [
    'rank',
    'onCall',
    'book',
    'cancel',
    'reassign',
    'finish',
  ]) satisfies DispatchActivities,
  notification: {
    sendMessages: classified(({ messages }: { messages: SendRequest[] }) =>
      sendInOrder(notification, messages),
    ),
  } satisfies NotificationActivities,
});

/** The activities of every task queue; our own books stand beside the workflows, and what a supervisor diverts from a partner. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...serviceActivities(deps),
    workflows: { ...ownBooks(deps), ...diverted(deps.builtIn) },
  };
}

function diverted(builtIn: ActivityDeps['builtIn']): DivertedActivities {
  const services: Tables = serviceActivities(builtIn);
  const { parts } = builtIn;
  // what a partner set aside comes over from its stock, whatever our own holds; of what it took in, nothing else does
  const reserve = classified(parts.takeOver.bind(parts));
  const carriedOver = {
    ...services,
    parts: { ...services.parts, reserve, receive: async () => undefined },
  };
  const take = (from: Tables, { service, effect, request }: ServiceCall) =>
    from[service]?.[effect]?.(request as never);
  return {
    async callBuiltIn({ earlier, ...call }) {
      for (const before of earlier) await take(carriedOver, before);
      return take(services, call);
    },
  };
}
type Tables = Record<string, Record<string, Effect>>;
