/** What a refusal looks like on the wire (RFC 9457): one class, one catalogue of codes, one shape. */
import type { z } from 'zod';
import { type Code, codes } from './problem-catalogue.ts';
import type { fieldErrorShape, ProblemMore, problemShape } from './shapes/problem.ts';

export type { Code } from './problem-catalogue.ts';

/** One wrong field: `pointer` is a JSON pointer into the body, or `/name` of a query parameter or header. */
export type FieldError = z.output<typeof fieldErrorShape>;

interface Extras {
  detail?: string;
  errors?: FieldError[];
  /** Seconds, for 429 and 503. */
  retryAfter?: number;
  more?: ProblemMore;
}

/** A refusal on its way to the client. */
export class Problem extends Error {
  readonly code: Code;
  readonly status: number;
  readonly extras: Extras;
  constructor(code: Code, extras: Extras = {}) {
    super(extras.detail ?? codes[code].title.en);
    this.name = 'Problem';
    this.code = code;
    this.status = codes[code].status;
    this.extras = extras;
  }

  /** Seconds to wait before the next try; undefined when waiting does not help. */
  get retryAfter(): number | undefined {
    return this.extras.retryAfter ?? (this.status === 503 ? 2 : undefined);
  }

  /** The body of the answer. */
  toJSON(): z.output<typeof problemShape> {
    const { detail, errors, more } = this.extras;
    return {
      type: `/problems/${this.code}`,
      title: codes[this.code].title.en,
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
