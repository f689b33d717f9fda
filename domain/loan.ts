/** Parts on loan: what was lent, what came back, what is still out (FLOW-LOAN, N10). */
import type { FieldError } from './problems.ts';

/** A quantity of one part number. `quantity` is a whole number, 1 or more. */
export interface PartLine {
  partNumber: string;
  quantity: number;
}

/** Parts that were fitted, with the serials of the old ones. */
export interface UsedLine extends PartLine {
  oldPartSerials: string[];
}

/** One part number of a loan; issued = usedWithCore + returnedUnused + writtenOff + outstanding, none negative. */
export interface LoanTally {
  partNumber: string;
  issued: number;
  outstanding: number;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

/** True for lines of part numbers whose named members are counts: what a workflow may believe of a signal. */
export function areLines(lines: unknown, ...counts: ('quantity' | 'issued' | 'outstanding')[]) {
  return (
    Array.isArray(lines) &&
    lines.every(
      (line) => typeof line?.partNumber === 'string' && counts.every((name) => isCount(line[name])),
    )
  );
}

/** One serial an old part carries, one for each used part that is cleared. */
export interface ReturnedLine {
  partNumber: string;
  usedWithCore: number;
  returnedUnused: number;
  oldPartSerials: string[];
}

/** Adds up lines of the same part number; order of first appearance. */
export function sumLines(lines: PartLine[]): PartLine[] {
  const sums = new Map<string, number>();
  for (const { partNumber, quantity } of lines)
    sums.set(partNumber, (sums.get(partNumber) ?? 0) + quantity);
  return [...sums].map(([partNumber, quantity]) => ({ partNumber, quantity }));
}

/** Why a return can't be taken: more than is out, a used part without its old part, or without the slip. Empty when it can. */
export function returnProblems(
  outstanding: LoanTally[],
  lines: ReturnedLine[],
  slipNumber: string | undefined,
): FieldError[] {
  const problems = lines.flatMap((line, index) =>
    lineProblems(outstanding, line, `/lines/${index}`),
  );
  if (lines.some((line) => line.usedWithCore > 0) && !slipNumber) {
    problems.push({
      pointer: '/slipNumber',
      detail: 'a used part is cleared only against its warranty slip',
    });
  }
  if (new Set(lines.map((line) => line.partNumber)).size < lines.length) {
    problems.push({ pointer: '/lines', detail: 'a part number stands in one line only' });
  }
  return problems;
}

function lineProblems(outstanding: LoanTally[], line: ReturnedLine, pointer: string): FieldError[] {
  const out = outstanding.find((tally) => tally.partNumber === line.partNumber)?.outstanding ?? 0;
  const back = line.usedWithCore + line.returnedUnused;
  const problems: FieldError[] = [];
  if (back === 0) problems.push({ pointer, detail: 'nothing is returned in this line' });
  if (back > out)
    problems.push({
      pointer,
      detail: `${back} returned, ${out} outstanding of ${line.partNumber}`,
    });
  if (line.oldPartSerials.length !== line.usedWithCore) {
    problems.push({
      pointer: `${pointer}/oldPartSerials`,
      detail: 'one old-part serial for each used part',
    });
  }
  return problems;
}

/** True when nothing is out any more. */
export function isCleared(lines: LoanTally[]): boolean {
  return lines.every((line) => line.outstanding === 0);
}

/** What is left of the parts once some are used; never below nothing. */
export function leftOf(parts: PartLine[], used: PartLine[]): PartLine[] {
  const gone = new Map(sumLines(used).map((line) => [line.partNumber, line.quantity]));
  return sumLines(parts)
    .map((line) => ({ ...line, quantity: line.quantity - (gone.get(line.partNumber) ?? 0) }))
    .filter((line) => line.quantity > 0);
}

/** Gives the parts used to the loans they were drawn from, oldest loan first, no more to each than it has out. */
export function shareOut(
  used: PartLine[],
  loans: { loan: string; lines: LoanTally[] }[],
): { loan: string; lines: PartLine[] }[] {
  const left = new Map(sumLines(used).map((line) => [line.partNumber, line.quantity]));
  return loans.flatMap(({ loan, lines }) => {
    const taken = lines.flatMap(({ partNumber, outstanding }) => {
      const quantity = Math.min(left.get(partNumber) ?? 0, outstanding);
      left.set(partNumber, (left.get(partNumber) ?? 0) - quantity);
      return quantity > 0 ? [{ partNumber, quantity }] : [];
    });
    return taken.length > 0 ? [{ loan, lines: taken }] : [];
  });
}

/** A line of a loan on record; outstanding = issued − usedWithCore − returnedUnused − writtenOff. */
export interface LoanLine {
  partNumber: string;
  location: string;
  issued: number;
  /** Used, old part and slip handed in. */
  usedWithCore: number;
  returnedUnused: number;
  writtenOff: number;
  /** issued − usedWithCore − returnedUnused − writtenOff */
  outstanding: number;
}

export interface PartLoan {
  /** `<caseNumber>/loan1` */
  loanNumber: string;
  caseNumber: string;
  borrower: string;
  status: 'issued' | 'partiallyCleared' | 'cleared';
  issuedAt: string;
  dueAt: string;
  lines: LoanLine[];
}
