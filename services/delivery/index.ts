/** Delivery: what stands in an outbox is claimed, sent, and settled, at least once, in order per case, by any number of workers. */

/** How one attempt ended. */
export type Outcome =
  | { result: 'sent' }
  /** For good: another attempt would end the same way. `detail` names no person, no host, no address. */
  | { result: 'refused'; detail: string }
  /** `afterMs`: the receiver said how long to wait; undefined: our own back-off. */
  | { result: 'tryAgain'; detail: string; afterMs?: number | undefined };

/** An outbox: what is due leaves it under a lease; a worker that falls silent loses the lease, and the next one tries again. */
export interface Outbox<Item> {
  /** Of each case only what comes next. `attempt` of an item counts on, and settles only while it is the last. */
  claim(limit: number, leaseMs: number): Promise<Item[]>;
  settle(item: Item, outcome: Outcome, backOff: BackOff): Promise<void>;
}

/** Milliseconds until the next attempt: doubled from `firstMs` with each one, `mostMs` at most. */
export interface BackOff {
  firstMs: number;
  mostMs: number;
}

/** One outbox and what sends its items. */
export interface Line<Item> {
  name: string;
  outbox: Outbox<Item>;
  send: (item: Item) => Promise<Outcome>;
}

export interface DeliverySettings {
  /** Attempts under way at once. */
  atOnce: number;
  /** Milliseconds between looks at an outbox with nothing due. */
  pollMs: number;
  /** Longer than any attempt takes. */
  leaseMs: number;
  backOff: BackOff;
}

export const deliverySettings: DeliverySettings = {
  atOnce: 16,
  pollMs: 1_000,
  leaseMs: 60_000,
  backOff: { firstMs: 5_000, mostMs: 600_000 },
};
