import { z } from 'zod';

/** Part of every marked text: whoever finds it in the engine has found a leak. */
export const canary = 'canary';

/** A value with a mark in each of its personal fields, and the fields by path; `unreached` are those of lists that it leaves empty. */
export interface Marked {
  value: unknown;
  fields: string[];
  unreached: string[];
}

/** Walks a shape beside a valid value and marks what belongs to a person: what the value leaves out too, unless only what it has is
 *  asked for. */
export function withCanaries(shape: z.ZodType, value: unknown, onlyPresent = false): Marked {
  const fields: string[] = [];
  const unreached: string[] = [];
  const mark = (schema: z.ZodType, found: unknown, path: string): unknown => {
    const own = inner(schema);
    if (onlyPresent && found === undefined) return undefined;
    if (isPersonal(own)) return `${canary}${fields.push(path)}`;
    if (own instanceof z.ZodObject) {
      const entries = Object.entries(own.shape).map(([key, child]) => [
        key,
        mark(child, (found as Record<string, unknown> | undefined)?.[key], `${path}/${key}`),
      ]);
      const members = Object.fromEntries(entries.filter(([, member]) => member !== undefined));
      return found === undefined && Object.keys(members).length === 0 ? undefined : members;
    }
    if (!(own instanceof z.ZodArray)) return found;
    const item = own.element as z.ZodType;
    const items = Array.isArray(found) ? found : [];
    if (isPersonal(inner(item)) && items.length === 0) return [mark(item, '', `${path}/0`)];
    if (items.length > 0) return items.map((one, index) => mark(item, one, `${path}/${index}`));
    if (mark(item, undefined, path) !== undefined) unreached.push(path);
    return found;
  };
  return { value: mark(shape, value, ''), fields, unreached };
}

const inner = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? inner(schema.unwrap() as z.ZodType)
    : schema;

const isPersonal = (schema: z.ZodType): boolean => schema.meta()?.['x-kind'] === 'personal';
