/** Callers of the API: how often each calls, counted over all processes. */

/** So many calls of one caller. */
export interface Calls {
  caller: string;
  calls: number;
}

export interface CallerStore {
  /** Adds what one process counted since the last time, and answers what all have counted in that minute, for the same callers. Minutes
   *  long past are dropped. */
  addCalls(minute: number, made: Calls[]): Promise<Calls[]>;
}
