import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readIfThere, SetupError } from '../processes.ts';

/** What replayed so far, kept in a file so that an interrupted check can go on. */
export interface Replayed {
  /** Events that a run had when it replayed; `undefined` when it hasn't yet. */
  eventsOf(runId: string): number | undefined;
  add(runId: string, events: number): void;
}

/** What the notes in the file hold for: another build or namespace begins anew. */
export interface Subject {
  /** Digest of the bundle. */
  build: string;
  namespace: string;
}

const noteSchema = z.object({ runId: z.string(), events: z.number() });

/** Opens the file, a JSON line a run; what it holds is kept only when `resume` is set and it is about the same subject.
 *  Fails `SetupError` when it can't be written. */
export function openReplayed(path: string, subject: Subject, resume: boolean): Replayed {
  const header = JSON.stringify(subject);
  const [first, ...lines] = (readIfThere(path) ?? '').split('\n');
  const known = resume && first === header ? lines.flatMap(noteOf) : [];
  write(path, [header, ...known.map((note) => JSON.stringify(note)), ''].join('\n'));
  const events = new Map(known.map((note) => [note.runId, note.events]));
  return {
    eventsOf: (runId) => events.get(runId),
    add: (runId, length) => appendFileSync(path, `${JSON.stringify({ runId, events: length })}\n`),
  };
}

/** A line that was cut off when the check was killed is none. */
function noteOf(line: string): z.infer<typeof noteSchema>[] {
  try {
    return [noteSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`${path} can't be written (${reason}): name another with --state.`);
  }
}
