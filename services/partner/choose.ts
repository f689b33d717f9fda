/** Which implementation of each service this deployment works with. */
import type { Sql } from '../../db/connect.ts';
import { type FailureType, toServiceFailure } from '../../db/failures.ts';
import { createDispatch } from '../dispatch/built-in.ts';
import { createHttpDispatch } from '../dispatch/http.ts';
import type { DispatchService } from '../dispatch/index.ts';
import { createLists } from '../lists/both.ts';
import type { Lists } from '../lists/index.ts';
import { createNotification } from '../notification/built-in.ts';
import { createHttpNotification } from '../notification/http.ts';
import type { Channels, NotificationService } from '../notification/index.ts';
import { createParts } from '../parts/built-in.ts';
import { createHttpParts } from '../parts/http.ts';
import type { BuiltInParts, PartsQuestions, PartsService } from '../parts/index.ts';
import type { StatusLinks } from '../status-links/index.ts';
import type { ServiceName } from './contract.ts';
import type { PartnerAddress } from './exchange.ts';

/** Hears of each kit that a partner did not tell; the message names no person and no address. */
export type KitMissed = (failure: { type: FailureType; message: string }) => void;

/** The services that cases call. */
export interface Services {
  parts: PartsService;
  dispatch: DispatchService;
  notification: NotificationService;
}
export interface BuiltInServices extends Services {
  parts: BuiltInParts;
}
/** Where a partner's services are; null or left out: the built-in one is used. */
export type Partners = Partial<Record<ServiceName, PartnerAddress | null>>;

/** The built-in services on our own database. */
export const builtInServices = (sql: Sql, channels?: Channels): BuiltInServices => ({
  parts: createParts(sql),
  dispatch: createDispatch(sql),
  notification: createNotification(sql, channels),
});

/** A partner's service where one is configured, else the built-in one; lists say what both hold. */
export function chooseServices(
  sql: Sql,
  builtIn: Services,
  partners: Partners = {},
  links: StatusLinks | null = null,
  kitMissed: KitMissed = () => undefined,
): Services & { lists: Lists } {
  const parts = partners.parts
    ? besideOwnRegister(partners.parts, builtIn.parts.questions, kitMissed)
    : null;
  const notification = partners.notification
    ? createHttpNotification(sql, partners.notification, links)
    : null;
  return {
    parts: parts ?? builtIn.parts,
    dispatch: partners.dispatch ? createHttpDispatch(partners.dispatch) : builtIn.dispatch,
    notification: notification ?? builtIn.notification,
    lists: createLists(
      sql,
      { parts: builtIn.parts.questions, notification: builtIn.notification.questions },
      { parts: parts?.questions ?? null, notification: notification?.questions ?? null },
    ),
  };
}

/** Milliseconds that somebody on the phone waits for a partner's kit while the case is opened. */
const kitPatienceMs = 2_000;

/** A case is opened whatever the partner says: with the kit of our own register where there is none of theirs. What was diverted is
 *  found. */
function besideOwnRegister(
  address: PartnerAddress,
  own: PartsQuestions,
  kitMissed: KitMissed,
): PartsService {
  const inHaste = createHttpParts({
    ...address,
    timeoutMs: Math.min(kitPatienceMs, address.timeoutMs),
  });
  const { effects, questions } = createHttpParts(address);
  return {
    effects,
    questions: {
      ...questions,
      kitFor: (productModel, faultCode) =>
        inHaste.questions.kitFor(productModel, faultCode).catch((error) => {
          const { type, message } = toServiceFailure(error);
          kitMissed({ type, message });
          return own.kitFor(productModel, faultCode);
        }),
      getLoan: async (loanNumber) =>
        (await own.getLoan(loanNumber)) ?? (await questions.getLoan(loanNumber)),
    },
  };
}
