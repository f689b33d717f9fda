/** Whether an answer has the shape that its contract gives the part that reaches the engine. */
import { type Problem, validators } from './validators.ts';

/** The first problem of an answer to a task or action, with its JSON pointer; empty when it has the shape. */
export function shapeProblems(name: string, answer: unknown): string[] {
  const validator = Object.hasOwn(validators, name) ? validators[name] : undefined;
  if (!validator) return ['/answer is to something unknown'];
  return validator(answer) ? [] : (validator.errors ?? []).slice(0, 1).map(said);
}

function said({ instancePath, message, params }: Problem): string {
  const { additionalProperty, allowedValues } = params;
  if (additionalProperty !== undefined)
    return `/answer${instancePath}/${additionalProperty} is not known`;
  return `/answer${instancePath} ${allowedValues ? `must be one of ${allowedValues.join(', ')}` : message}`;
}
