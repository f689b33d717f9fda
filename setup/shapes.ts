/** Writes `workflows/kernel/shapes.json`: what the workflows' validators know of the contracts, since zod may not go there. */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { actions } from '../domain/action-contracts.ts';
import { answers } from '../domain/catalogue.ts';
import { publicShape } from '../domain/fields.ts';

/** JSON Schema of the public part of every answer and action, by name; prose left out. */
export function engineShapes(): Record<string, unknown> {
  const shapes = Object.entries({ ...answers, ...actions }).map(([name, contract]) => [
    name,
    z.toJSONSchema(publicShape(contract), {
      override: ({ jsonSchema }) => delete jsonSchema['x-kind'],
    }),
  ]);
  return Object.fromEntries(shapes);
}

export const shapesText = (): string => `${JSON.stringify(engineShapes(), null, 1)}\n`;

if (import.meta.main) {
  await writeFile(new URL('../workflows/kernel/shapes.json', import.meta.url), shapesText());
}
