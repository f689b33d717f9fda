/** Runs work under one key one after the other; other keys go on side by side. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Acts on one case take turns: updates that reach a worker in the middle of a step can cost the step, and with it what it had
 *  already told the database. */
export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
