import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from '../processes.ts';

/** What was asked for on the command line. */
export interface Asked {
  /** Runs of each flow and age; all when undefined. */
  sample: number | undefined;
  flow: string | undefined;
  resume: boolean;
  concurrency: number;
  /** Absolute path of the file with what replayed so far. */
  state: string | undefined;
}

const options = {
  sample: { type: 'string' },
  flow: { type: 'string' },
  resume: { type: 'boolean', default: false },
  concurrency: { type: 'string' },
  state: { type: 'string' },
} as const;

/** Reads the options; a relative path is taken from `folder`. Fails `SetupError` with how to call it. */
export function readArguments(args: string[], folder: string): Asked {
  const { flow, resume, state, ...values } = parse(args);
  if (flow !== undefined && !/^\w+$/.test(flow)) throw refused('--flow: the name of a flow');
  return {
    sample: wholeNumber('--sample', values.sample),
    flow,
    resume,
    concurrency:
      wholeNumber('--concurrency', values.concurrency) ?? Math.min(4, availableParallelism()),
    state: state === undefined ? undefined : resolve(folder, state),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw refused(`${name}: a whole number from 1`);
  return Number(text);
}

const refused = (why: string) => new SetupError(`${why}\n\n${usage}`);

const usage = `npm run upgrade:check -- [--sample N] [--flow NAME] [--resume] [--state FILE] [--concurrency N]

Replays the open cases of the engine on this build, and names those that don't replay.
  --sample N       N of each flow and age (under a day, a week, 30 days, older) instead of all
  --flow NAME      only this flow, such as inWarrantyRepair or partsLoan
  --resume         goes on where an earlier check of this build stopped; skips what has not moved since
  --state FILE     where that is kept; upgrade-check.jsonl in the data folder when left out
  --concurrency N  histories at once; one for each processor, 4 at most, when left out`;
