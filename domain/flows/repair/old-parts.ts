import type { Problem, UsedLine } from '../../loan.ts';
import { when } from '../../problems.ts';

/** Each used part comes with the serial of the old one. */
export const serialsMatch = (lines: UsedLine[], pointer: string): Problem[] =>
  lines.flatMap((line, index) =>
    when(
      line.oldPartSerials.length !== line.quantity,
      `${pointer}/${index}/oldPartSerials`,
      'one old-part serial for each part',
    ),
  );
