/** The parts that examples of a repair are about. */
import type { PartLine, UsedLine } from '../../loan.ts';

/** What a hydraulic pump takes. */
export const kit: PartLine[] = [
  { partNumber: 'HP-PUMP-230', quantity: 1 },
  { partNumber: 'HP-SEAL-230', quantity: 2 },
];

/** Serials of as many old parts as the line has. */
export const serialsOf = (line: PartLine): string[] =>
  Array.from({ length: line.quantity }, (_, index) => `OLD-${line.partNumber}-${index + 1}`);

/** The line with the serials of its old parts. */
export const withSerials = (line: PartLine): UsedLine => ({
  ...line,
  oldPartSerials: serialsOf(line),
});
