import type { Problem } from './loan.ts';

/** A field that is wrong, by JSON pointer, with what is allowed; nothing when it is not. */
export const when = (wrong: boolean, pointer: string, detail: string): Problem[] =>
  wrong ? [{ pointer, detail }] : [];
