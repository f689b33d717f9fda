/** Runs works under one key a few at a time; other keys go on side by side. */
export type FewAtOnce = <T>(key: string, work: () => Promise<T>) => Promise<T>;

interface Line {
  busy: number;
  waiting: (() => void)[];
}

/** At most `places` works under one key at once, in the order in which they came. The engine lets ten acts on one case be in flight:
 *  what comes beyond that waits here, and two API processes stay below it together. */
export function createFewAtOnce(places: number): FewAtOnce {
  const lines = new Map<string, Line>();
  const enter = async (line: Line) => {
    if (line.busy < places) line.busy += 1;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
  };
  const leave = (key: string, line: Line) => {
    const next = line.waiting.shift();
    if (next) return next(); // takes the place over
    line.busy -= 1;
    if (line.busy === 0) lines.delete(key);
  };
  return async (key, work) => {
    const line = lines.get(key) ?? { busy: 0, waiting: [] };
    lines.set(key, line);
    await enter(line);
    try {
      return await work();
    } finally {
      leave(key, line);
    }
  };
}
