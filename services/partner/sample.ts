/** A well-formed request of any operation, made from the contract, that names nothing on record. */
import { z } from 'zod';
import type { Operation } from './operations.ts';

type Schema = z.core.JSONSchema.JSONSchema;

export const sampleOf = ({ request }: Operation): unknown =>
  exampleOf(z.toJSONSchema(request, { io: 'input' }));

function exampleOf(schema: Schema): unknown {
  const { const: only, enum: allowed, type, format, minimum, properties = {} } = schema;
  const last = (schema.anyOf ?? schema.oneOf)?.at(-1); // null, where that is allowed
  if (last) return exampleOf(last as Schema);
  if (only !== undefined) return only;
  if (allowed) return allowed[0];
  if (type === 'null') return null;
  if (type === 'array') return [];
  if (type === 'string') return format === 'date-time' ? '2100-01-01T00:00:00Z' : 'NO-SUCH';
  if (type !== 'object') return minimum ?? 0;
  return Object.fromEntries(
    (schema.required ?? []).map((name) => [name, exampleOf(properties[name] as Schema)]),
  );
}
