import { progress } from '@clack/prompts';
import type { ImportResult } from '../services/imports/index.ts';

/** Shows how far the checking of a file has come. */
export interface Bar {
  show(checked: number, rows: number): void;
  end(): void;
}

/** A progress bar for people in a terminal; nothing elsewhere. */
export function createBar(what: string, terminal = process.stdout.isTTY): Bar {
  if (!terminal) return { show: () => {}, end: () => {} };
  const bar = progress({ max: 100, style: 'heavy' });
  let shown = 0;
  bar.start(`Checking ${what}`);
  return {
    show(checked, rows) {
      const percent = Math.floor((checked / rows) * 100);
      bar.advance(percent - shown, `Checked ${checked} of ${rows} ${what}`);
      shown = percent;
    },
    end: () => bar.stop('Checked'),
  };
}

/** How an import ended, in lines for people. */
export function linesOf(result: ImportResult): string[] {
  switch (result.kind) {
    case 'imported':
      return [`${result.row.importNumber}: ${summaryOf(result.row)}`];
    case 'same':
      return [
        `${result.row.importNumber}, at ${result.row.at}, with the same key: ${summaryOf(result.row)}`,
      ];
    case 'tried':
      return [`Dry run, nothing is written: ${summaryOf(result.report)}`];
    case 'keyReused':
      return ['This key came before with another file; nothing is written.'];
    case 'wrong':
      return [
        'Wrong, with what is allowed there:',
        ...result.errors.map(({ row, column, detail }) => `${placeOf(row, column)}${detail}`),
        `Nothing is written: ${result.found} ${result.found === 1 ? 'error' : 'errors'}.`,
      ];
    default:
      return result satisfies never;
  }
}

const placeOf = (row: number | null, column: string | null): string =>
  [row === null ? 'the file' : `row ${row}`, ...(column === null ? [] : [column]), ''].join(': ');

const summaryOf = (tally: { kind: string; created: number; changed: number; unchanged: number }) =>
  `${tally.kind}: ${tally.created} new, ${tally.changed} changed, ${tally.unchanged} as they were`;
