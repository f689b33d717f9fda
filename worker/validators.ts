/** Makes the code by which a workflow checks answers, since zod may not go there: bundled in place of `workflows/validators.ts`. */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { z } from 'zod';
import { actions } from '../domain/action-contracts.ts';
import { answers } from '../domain/catalogue.ts';
import { publicShape } from '../domain/fields.ts';

/** Source of a module that exports `validators`: per name of a task or action, what checks the public part of its answer.
 *  A loader of webpack. */
export default function validatorsSource(): string {
  const contracts = { ...answers, ...actions };
  const ajv = new Ajv({
    code: { source: true, esm: true },
    strict: false, // we mark fields with words of our own
    unicode: false, // as zod counts, and JavaScript
    unicodeRegExp: false,
    validateFormats: false, // zod gives a pattern beside each
    logger: false,
  });
  for (const [name, contract] of Object.entries(contracts))
    ajv.addSchema(z.toJSONSchema(publicShape(contract), { target: 'draft-7' }), name);
  const names = Object.keys(contracts);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  return `${code}\nexport const validators = { ${names.join(', ')} };\n`;
}
