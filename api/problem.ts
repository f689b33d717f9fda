/** What a refusal looks like on the wire (RFC 9457): one class, one list of codes, one shape. */

/** Every stable `code` with its status and title. */
export const codes = {
  malformedRequest: [400, 'The request could not be read'],
  headerMissing: [400, 'A required header is missing'],
  unauthorized: [401, 'A valid token is required'],
  forbidden: [403, 'Your role may not do this'],
  notFound: [404, 'There is no such thing'],
  requestTimeout: [408, 'The request took too long to arrive'],
  taskNotOpen: [409, 'The task is not open'],
  illegalTransition: [409, 'Not in this status'],
  blocked: [409, 'An obligation is still open'],
  duplicateCase: [409, 'The same fault of this asset is open already'],
  tooLarge: [413, 'The body is too large'],
  unsupportedMediaType: [415, 'Send application/json in UTF-8, a file of a register as text/csv'],
  invalidRequest: [422, 'Well-formed but wrong'],
  entitlementMismatch: [422, 'The asset is not entitled to this flow'],
  idempotencyKeyReused: [422, 'This Idempotency-Key came with another body'],
  tooManyRequests: [429, 'Too many requests'],
  headersTooLarge: [431, 'The headers are too large'],
  unavailable: [503, 'Not reachable now; repeat the same call with the same key'],
} as const satisfies Record<string, readonly [number, string]>;
export type Code = keyof typeof codes;

/** One wrong field: `pointer` is a JSON pointer into the body, or `/name` of a query parameter or header. */
export interface FieldError {
  pointer: string;
  detail: string;
}

interface Extras {
  detail?: string;
  errors?: FieldError[];
  /** Seconds, for 429 and 503. */
  retryAfter?: number;
  /** Members of the problem beside the standard ones: `currentStatus`, `evidence`, `link`, … */
  more?: Record<string, unknown>;
}

/** A refusal on its way to the client. */
export class Problem extends Error {
  readonly code: Code;
  readonly status: number;
  readonly extras: Extras;
  constructor(code: Code, extras: Extras = {}) {
    super(extras.detail ?? codes[code][1]);
    this.name = 'Problem';
    this.code = code;
    this.status = codes[code][0];
    this.extras = extras;
  }

  /** Seconds to wait before the next try; undefined when waiting does not help. */
  get retryAfter(): number | undefined {
    return this.extras.retryAfter ?? (this.status === 503 ? 2 : undefined);
  }

  /** The body of the answer. */
  toJSON(): Record<string, unknown> {
    const { detail, errors, more } = this.extras;
    return {
      type: `urn:afterloop:problem:${this.code}`,
      title: codes[this.code][1],
      status: this.status,
      code: this.code,
      ...(detail ? { detail } : {}),
      ...(errors ? { errors } : {}),
      ...more,
    };
  }
}

/** 404 for what the path names. */
export const notFound = (what: string) => new Problem('notFound', { detail: `no such ${what}` });

/** 422 for wrong fields. */
export const invalid = (errors: FieldError[]) =>
  new Problem('invalidRequest', { detail: 'see errors', errors });
