/** Walks a zod shape beside a value, to find what belongs to a person and what names something else (D9). */
import { z } from 'zod';
import type { Kind } from './values.ts';

interface Field {
  kind: Kind;
  value: string;
  pointer: string;
}

const inner = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? inner(schema.unwrap() as z.ZodType)
    : schema;
const kindOf = (schema: z.ZodType) =>
  (inner(schema).meta() as { 'x-kind'?: Kind } | undefined)?.['x-kind'];

function* fieldsIn(schema: z.ZodType, value: unknown, pointer: string): Generator<Field> {
  const kind = kindOf(schema);
  if (kind && typeof value === 'string') yield { kind, value, pointer };
  const shape = inner(schema);
  if (shape instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(shape.shape)) {
      yield* fieldsIn(
        child as z.ZodType,
        (value as Record<string, unknown>)[key],
        `${pointer}/${key}`,
      );
    }
  }
  if (shape instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* fieldsIn(shape.element as z.ZodType, item, `${pointer}/${index}`);
  }
}

/** What the value names by number or code, with its JSON pointer, so that the door can look each up. */
export function referencesIn(schema: z.ZodType, value: unknown): Field[] {
  return [...fieldsIn(schema, value, '')].filter((field) => field.kind !== 'personal');
}

const isPersonal = (schema: z.ZodType): boolean => {
  const shape = inner(schema);
  if (shape instanceof z.ZodArray) return isPersonal(shape.element as z.ZodType);
  if (shape instanceof z.ZodObject && kindOf(schema) === undefined) {
    return Object.values(shape.shape).every((child) => isPersonal(child as z.ZodType));
  }
  return kindOf(schema) === 'personal';
};

/** Parts an answer in two by its top-level fields: what may reach the engine, and what stays in the database (null when nothing does). */
export function splitPersonal(schema: z.ZodObject, value: Record<string, unknown>) {
  const publicPart: Record<string, unknown> = {};
  const personalPart: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const child = schema.shape[key] as z.ZodType | undefined;
    (child && isPersonal(child) ? personalPart : publicPart)[key] = field;
  }
  return { publicPart, personalPart: Object.keys(personalPart).length > 0 ? personalPart : null };
}

/** The value without what belongs to a person, at whatever depth. */
export function withoutPersonal(schema: z.ZodType, value: unknown): unknown {
  const shape = inner(schema);
  if (!(shape instanceof z.ZodObject) || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const child = shape.shape[key] as z.ZodType | undefined;
    return child && isPersonal(child) ? [] : [[key, child ? withoutPersonal(child, field) : field]];
  });
  return Object.fromEntries(kept);
}

/** The shape of what reaches the engine: the contract without its personal fields, with the id of the document that holds them. */
export function publicShape(schema: z.ZodObject): z.ZodObject {
  const kept = Object.entries(schema.shape).filter(([, child]) => !isPersonal(child as z.ZodType));
  return z.strictObject({ ...Object.fromEntries(kept), document: z.string().max(80).nullable() });
}
