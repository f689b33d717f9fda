import type { z } from 'zod';

/** What is wrong with a field, and what is allowed. */
export interface FieldError {
  /** JSON pointer into the answer. */
  pointer: string;
  detail: string;
}

/** A field that is wrong, by JSON pointer, with what is allowed; nothing when it is not. */
export const when = (wrong: boolean, pointer: string, detail: string): FieldError[] =>
  wrong ? [{ pointer, detail }] : [];

const pointerOf = (path: PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** As PostgreSQL can store it, and no longer than one reads: the key is the caller's. */
const nameOf = (key: string): string => key.slice(0, 80).toWellFormed().replaceAll('\0', '\uFFFD');

/** What is wrong at a path. An unknown key is named by its own pointer. */
export function fieldErrors(path: PropertyKey[], detail: string, unknown?: string[]): FieldError[] {
  if (!unknown) return [{ pointer: pointerOf(path), detail }];
  return unknown.slice(0, 20).map((key) => ({
    pointer: pointerOf([...path, nameOf(key)]),
    detail: 'no such field',
  }));
}

/** The same of what a zod shape refuses. */
export const errorsOfIssue = (issue: z.core.$ZodIssue): FieldError[] =>
  fieldErrors(issue.path, issue.message, 'keys' in issue ? issue.keys : undefined);
