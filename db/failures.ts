/** Every way in which a store or a service can refuse, and whether another attempt may end otherwise. */
export const failureTypes = {
  BadCursor: 'permanent',
  BookingCanceled: 'permanent',
  ConstraintViolated: 'permanent',
  CoreMissing: 'permanent',
  DigestMismatch: 'permanent',
  DocumentChanged: 'permanent',
  EffectKeyReused: 'permanent',
  OverReturn: 'permanent',
  PartsNotIssued: 'permanent',
  RequestRefused: 'permanent',
  ReservationGone: 'permanent',
  UnknownCase: 'permanent',
  UnknownDocument: 'permanent',
  UnknownEngineer: 'permanent',
  UnknownLoan: 'permanent',
  UnknownLocation: 'permanent',
  UnknownPart: 'permanent',
  UnknownRecipient: 'permanent',
  Contention: 'retryable',
  InvalidResponse: 'retryable',
  Unavailable: 'retryable',
} as const satisfies Record<string, 'permanent' | 'retryable'>;
export type FailureType = keyof typeof failureTypes;

/** A typed refusal. The message names numbers and codes only: no personal data, no SQL, no host (D9). */
export class ServiceFailure extends Error {
  readonly type: FailureType;
  /** Milliseconds that whoever refused wants to be left alone; undefined when nothing was said. */
  readonly retryAfterMs: number | undefined;
  constructor(
    type: FailureType,
    message: string,
    options?: { cause?: unknown; retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.name = type;
    this.type = type;
    this.retryAfterMs = options?.retryAfterMs;
  }
  get retryable(): boolean {
    return failureTypes[this.type] === 'retryable';
  }
}

/** The SQLSTATE or the client library's code of an error; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The constraint that an SQL error names; undefined when it names none. */
export function constraintOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('constraint_name' in error))
    return undefined;
  return typeof error.constraint_name === 'string' ? error.constraint_name : undefined;
}

const contention = /^(40001|40P01|55P03)$/;
const unavailable =
  /^(08|57P0|57014|53|58)|^CONNECT|^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)/;

/** True when the database had to choose between statements at once: the same statement may be run again right away. */
export const isContention = (error: unknown): boolean => contention.test(codeOf(error) ?? '');

/** Gives any error its place in the closed list: network, overload and serialization are retryable, the rest is permanent. */
export function toServiceFailure(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  const code = codeOf(error);
  if (code === undefined)
    return new ServiceFailure('RequestRefused', 'unexpected error', { cause: error });
  if (contention.test(code)) return new ServiceFailure('Contention', `SQL state ${code}`);
  if (unavailable.test(code))
    return new ServiceFailure('Unavailable', `database not reachable: ${code}`);
  const where = constraintOf(error);
  return new ServiceFailure('ConstraintViolated', `${code}${where ? ` on ${where}` : ''}`);
}

/** The failure for a partner's HTTP status: 408, 429 and 5xx are retryable, other refusals permanent. */
export function failureOfStatus(status: number, retryAfterMs?: number): ServiceFailure {
  const type = status === 408 || status === 429 || status >= 500 ? 'Unavailable' : 'RequestRefused';
  return new ServiceFailure(type, `partner answered ${status}`, { retryAfterMs });
}

/** What `fetch` will never do, however often it is asked. */
const never: Record<string, string> = {
  'bad port': 'a port that HTTP clients refuse to call: take another one',
  'unknown scheme': 'no http or https URL',
};

/** Why `fetch` got no answer: a code such as ECONNREFUSED or TimeoutError, or what is wrong with the URL; never an address. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, message = '' } = (error.cause ?? {}) as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (never[message] ?? error.name);
}
