/** What others say to a loan: its case, the field office, a supervisor. */
import { areLines, type PartLine } from '../../domain/loan.ts';
import { now } from '../kernel/run.ts';
import { loanNoLongerNeeded } from '../wire.ts';
import { dueOf, type LoanFile } from './file.ts';

/** Called before the first `await`: the end of the case's need, more time, lines written off by name. */
export function hearDesk(file: LoanFile): void {
  const { facts } = file;
  file.hear(loanNoLongerNeeded, (said, by) => {
    const { used } = (said ?? {}) as { used?: PartLine[] };
    if (!used || !areLines(used, 'quantity')) return 'not the lines used';
    if (facts.passedCounter) Object.assign(facts, { comingBack: true, used });
    else file.endEarly(by);
    return null;
  });
  file.hearAction(
    'extendLoan',
    ({ answer: { dueAt } }) => {
      if (!isOut(file)) return ['illegalTransition', 'extendLoan: nothing is out on this loan'];
      return Date.parse(dueAt) > now() ? null : ['invalidAnswer', '/dueAt: lies in the past'];
    },
    ({ answer: { dueAt, loan } }) => {
      facts.decisions.push({ kind: 'extend', dueAt });
      return { kind: 'loanExtended', subject: loan, detail: { dueAt, was: dueOf(file) } };
    },
  );
  file.hearAction(
    'writeOffLoan',
    ({ answer: { lines } }) => {
      if (!isOut(file)) return ['illegalTransition', 'writeOffLoan: nothing is out on this loan'];
      const tooMuch = lines.find(({ partNumber, quantity }) => quantity > outOf(file, partNumber));
      return tooMuch ? ['invalidAnswer', `not as many of ${tooMuch.partNumber} are out`] : null;
    },
    ({ answer: { lines, chargeTo, reason, loan } }) => {
      facts.decisions.push({ kind: 'writeOff', lines, chargeTo, reason });
      return { kind: 'loanWrittenOff', subject: loan, detail: { lines, chargeTo } };
    },
  );
}

const isOut = ({ facts }: LoanFile) => facts.outstanding.some((line) => line.outstanding > 0);

const outOf = ({ facts }: LoanFile, partNumber: string) =>
  facts.outstanding.find((line) => line.partNumber === partNumber)?.outstanding ?? 0;
