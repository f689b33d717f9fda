import type { UsedLine } from '../../loan.ts';
import { type FieldError, when } from '../../problems.ts';

/** Each used part comes with the serial of the old one. */
export const serialsMatch = (lines: UsedLine[], pointer: string): FieldError[] =>
  lines.flatMap((line, index) =>
    when(
      line.oldPartSerials.length !== line.quantity,
      `${pointer}/${index}/oldPartSerials`,
      'one old-part serial for each part',
    ),
  );
