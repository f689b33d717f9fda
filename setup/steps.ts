import { intro, log } from '@clack/prompts';

/** Shows what is going on: to people in a terminal, one JSON line per step elsewhere. */
export interface Steps {
  /** Runs a step. `work` gets a function for progress inside it, and returns what to show as its result. */
  step(title: string, work: (report: (line: string) => void) => Promise<string>): Promise<void>;
  /** Says something that happened by itself, later. */
  note(line: string): void;
}

/** Chooses by whether people are watching. */
export function createSteps(terminal = process.stdout.isTTY): Steps {
  return terminal ? forPeople() : jsonLines();
}

/** Plain lines and no spinner: a spinner takes the keyboard over, and Ctrl-C would no longer stop things in order. */
function forPeople(): Steps {
  intro('Afterloop');
  return {
    async step(title, work) {
      const began = Date.now();
      log.step(title);
      const result = await work((line) => log.message(line));
      log.success(`${title}: ${result} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    },
    note: (line) => log.warn(line),
  };
}

function jsonLines(): Steps {
  const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  return {
    async step(title, work) {
      const began = Date.now();
      print({ step: title, state: 'started' });
      const result = await work((progress) => print({ step: title, progress }));
      print({ step: title, state: 'done', result, ms: Date.now() - began });
    },
    note: (line) => print({ note: line }),
  };
}
