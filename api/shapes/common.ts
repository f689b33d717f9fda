/** What the shapes of answers are made of. */
import { z } from 'zod';
import { type Actor, roles } from '../../domain/case.ts';
import type { Title } from '../../domain/flows/define.ts';
import type { PartLine } from '../../domain/loan.ts';

type ShapeOf<Row> = { [Name in keyof Row]-?: z.ZodType<Row[Name]> };

/** The shape of a row: one member too many, one too few, or one of another type doesn't compile. Members that the row has beside
 *  never leave the door. */
export const rowOf =
  <Row>() =>
  <Shape extends ShapeOf<Row>>(
    shape: Shape & { [Name in Exclude<keyof Shape, keyof Row>]: never },
  ): z.ZodObject<Shape> =>
    z.object<Shape>(shape);

/** An instant, ISO 8601 UTC. */
export const at = z.iso.datetime();
export const day = z.iso.date();
export const count = z.int().min(0);
export const minor = z.int().describe('minor units of the currency');
export const role = z.enum(roles);
export const locale = z.enum(['zh-CN', 'en']);
export const alertLevel = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
export const titleShape = rowOf<Title>()({ en: z.string(), zh: z.string() }).meta({ id: 'Title' });
export const actorShape = rowOf<Actor>()({
  id: z.string().describe('a staff number, or `system:…`'),
  role: z.enum([...roles, 'system']),
}).meta({ id: 'Actor' });
export const partLineShape = rowOf<PartLine>()({ partNumber: z.string(), quantity: count }).meta({
  id: 'PartLine',
});

/** A JSON Schema: what it holds is its own matter. */
export const jsonSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'JsonSchema', description: 'JSON Schema 2020-12 with `examples`' });

/** A page of a list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('null: this was the last page'),
  });
