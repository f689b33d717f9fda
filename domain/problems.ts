/** What is wrong with a field, and what is allowed. */
export interface FieldError {
  /** JSON pointer into the answer. */
  pointer: string;
  detail: string;
}

/** A field that is wrong, by JSON pointer, with what is allowed; nothing when it is not. */
export const when = (wrong: boolean, pointer: string, detail: string): FieldError[] =>
  wrong ? [{ pointer, detail }] : [];
