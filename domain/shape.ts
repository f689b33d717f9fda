/** A small checker of JSON Schema as our contracts produce it: enough to refuse garbage where zod may not go. */

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};
const isType = (type: string, value: unknown) =>
  typeOf(value) === type || (type === 'number' && typeof value === 'number');

/** What is wrong with the value, each with its JSON pointer; empty when it has the shape. */
export function shapeProblems(schema: Schema, value: unknown, pointer = ''): string[] {
  if (schema.anyOf)
    return schema.anyOf.some((one) => shapeProblems(one, value).length === 0)
      ? []
      : [`${pointer} fits none`];
  const [unfit] = (schema.allOf ?? []).flatMap((one) => shapeProblems(one, value, pointer));
  if (unfit) return [unfit];
  if (schema.type && !isType(schema.type, value)) return [`${pointer} must be ${schema.type}`];
  if (schema.const !== undefined && value !== schema.const)
    return [`${pointer} must be ${String(schema.const)}`];
  if (schema.enum && !schema.enum.includes(value))
    return [`${pointer} must be one of ${schema.enum.join(', ')}`];
  if (typeof value === 'string') return textProblems(schema, value, pointer);
  if (typeof value === 'number')
    return outside(value, schema.minimum, schema.maximum) ? [`${pointer} is out of range`] : [];
  if (Array.isArray(value)) return listProblems(schema, value, pointer);
  return typeof value === 'object' && value !== null
    ? objectProblems(schema, value as Record<string, unknown>, pointer)
    : [];
}

const outside = (number: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY) =>
  number < min || number > max;

function textProblems(schema: Schema, text: string, pointer: string): string[] {
  if (outside(text.length, schema.minLength, schema.maxLength))
    return [`${pointer} has the wrong length`];
  return schema.pattern && !new RegExp(schema.pattern).test(text)
    ? [`${pointer} does not match ${schema.pattern}`]
    : [];
}

function listProblems(schema: Schema, list: unknown[], pointer: string): string[] {
  if (outside(list.length, schema.minItems, schema.maxItems))
    return [`${pointer} has too many or too few items`];
  if (schema.uniqueItems && new Set(list.map((item) => JSON.stringify(item))).size < list.length)
    return [`${pointer} names an item twice`];
  const { items } = schema;
  return items
    ? list.flatMap((item, index) => shapeProblems(items, item, `${pointer}/${index}`))
    : [];
}

function objectProblems(
  schema: Schema,
  object: Record<string, unknown>,
  pointer: string,
): string[] {
  const known = schema.properties ?? {};
  const missing = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(object, key))
    .map((key) => `${pointer}/${key} is missing`);
  const extra =
    schema.additionalProperties === false
      ? Object.keys(object).filter((key) => !Object.hasOwn(known, key))
      : [];
  const inside = Object.entries(known).flatMap(([key, child]) =>
    Object.hasOwn(object, key) ? shapeProblems(child, object[key], `${pointer}/${key}`) : [],
  );
  return [...missing, ...extra.map((key) => `${pointer}/${key} is not known`), ...inside];
}
