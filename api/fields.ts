/** Parsing at the door: what isn't right is 422 with a JSON pointer for each field. */
import type { FastifySchemaValidationError } from 'fastify';
import { z } from 'zod';
import { errorsOfIssue, fieldErrors } from '../domain/problems.ts';
import { type FieldError, invalid } from './problem.ts';

/** The parsed value, or 422 with every wrong field. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(errorsOfIssue));
}

/** The fields that a route's schema refuses. */
export const fieldsRefused = (errors: FastifySchemaValidationError[]): FieldError[] =>
  errors.flatMap(({ instancePath, message = '', params: { keys } }) => {
    const path = instancePath.split('/').filter((step) => step !== '');
    return fieldErrors(path, message, Array.isArray(keys) ? keys : undefined);
  });

/** Bounded text of a query: no NUL, no half of a surrogate pair. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'not well-formed text');

/** A page of a list: at most 200 items, 50 when not said. */
export const page = {
  cursor: text(500).optional(),
  limit: z
    .string()
    .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, 'a whole number from 1 to 200')
    .transform(Number)
    .optional(),
};
export const pageSize = 50;
export const search = text(80);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
