/** Cases are opened no faster than the engine works them off: else answers of people wait behind them. */

export interface BrakeSettings {
  /** Openings at work at once, each until its case's first task can be read. */
  atOnce: number;
  /** Openings that may wait for their turn. */
  waiting: number;
  /** Milliseconds that one may wait; 5,000 when undefined. */
  waitMs?: number;
}

/** Lets openings through in the order in which they came, a few at a time. */
export interface Brake {
  /** True: whoever comes now has to wait. */
  isBusy(): boolean;
  /** What the work gives; undefined when it was not begun, since its turn did not come in time. */
  pass<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** The brake of one process. */
export function createBrake({ atOnce, waiting, waitMs = 5_000 }: BrakeSettings): Brake {
  let atWork = 0;
  const line = new Set<() => void>();
  const turnComes = () =>
    new Promise<boolean>((resolve) => {
      const end = (came: boolean) => {
        clearTimeout(timer);
        line.delete(takeTurn);
        resolve(came);
      };
      const takeTurn = () => end(true);
      const timer = setTimeout(end, waitMs, false);
      line.add(takeTurn);
    });
  const enter = async () => {
    if (atWork === atOnce) return line.size < waiting && turnComes();
    atWork += 1;
    return true;
  };
  const leave = () => {
    const [next] = line;
    if (next)
      next(); // takes the place over
    else atWork -= 1;
  };
  return {
    isBusy: () => atWork === atOnce,
    async pass(work) {
      if (!(await enter())) return undefined;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
