/** What a cell of a register's CSV file may hold. Pure: a cell is text, what comes out is a value or nothing. */
import type { z } from 'zod';

/** One column of a file. */
export interface Column {
  /** Must the file have it? One that is left out stays as it is, and in new rows empty or at its default. */
  required: boolean;
  /** Said beside a cell that holds anything else. */
  allowed: string;
  /** The value of a cell; undefined when it is not allowed. */
  read: (cell: string) => unknown;
  /** The register that knows what its values name; null: none. */
  names: 'territory' | 'customerNumber' | 'productModel' | 'provider' | 'skill' | null;
}

type More = Partial<Pick<Column, 'required' | 'names'>>;

/** A column that every row fills. */
export const filled = (schema: z.ZodType, allowed: string, more: More = {}): Column => ({
  required: true,
  names: null,
  allowed,
  read: (cell) => schema.safeParse(cell).data,
  ...more,
});

/** A column that need not be there, and whose empty cell means: none. */
export const maybe = (schema: z.ZodType, allowed: string, more: More = {}): Column => ({
  ...filled(schema, `${allowed}, or nothing`, { required: false, ...more }),
  read: (cell) => (cell === '' ? null : schema.safeParse(cell).data),
});

/** A column that need not be there, and whose empty cell means what new rows have without it. */
export const usually = (usual: string, schema: z.ZodType, allowed: string): Column => ({
  ...filled(schema, `${allowed}, or nothing for ${usual}`, { required: false }),
  read: (cell) => schema.safeParse(cell || usual).data,
});

/** A column that need not be there, and whose cells are lists; an empty cell is an empty one. */
export const listed = (schema: z.ZodType, allowed: string): Column =>
  filled(schema, `${allowed}, or nothing`, { required: false });
