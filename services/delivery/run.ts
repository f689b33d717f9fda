import { setTimeout as delay } from 'node:timers/promises';
import { type DeliverySettings, deliverySettings, type Line } from './index.ts';

export interface RunningDelivery {
  /** Claims nothing new, ends when what is under way has been settled. */
  stop(): Promise<void>;
}

/** Delivers what falls due until it is stopped. `onTrouble` hears of a database that does not answer; it is tried again. */
export function runDelivery<Item>(
  line: Line<Item>,
  onTrouble: (error: unknown) => void,
  settings: DeliverySettings = deliverySettings,
): RunningDelivery {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const start = (item: Item) => {
    const one = deliverOne(line, item, settings)
      .catch(onTrouble) // its lease ends, and it is tried again
      .finally(() => underWay.delete(one));
    underWay.add(one);
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const free = settings.atOnce - underWay.size;
      const items = free > 0 ? await claimed(line, free, settings, onTrouble) : [];
      items.forEach(start);
      if (items.length === 0) await pause(underWay, settings.pollMs, stopping.signal);
    }
    await Promise.all(underWay);
  };
  const ended = loop();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** Until something under way has ended, since what comes after it may be due now, or it is time to look again. */
async function pause(underWay: Set<Promise<void>>, pollMs: number, stop: AbortSignal) {
  const waiting = new AbortController();
  const signal = AbortSignal.any([stop, waiting.signal]);
  await Promise.race([...underWay, delay(pollMs, undefined, { signal }).catch(() => undefined)]);
  waiting.abort();
}

async function claimed<Item>(
  { outbox }: Line<Item>,
  limit: number,
  { leaseMs }: DeliverySettings,
  onTrouble: (error: unknown) => void,
): Promise<Item[]> {
  try {
    return await outbox.claim(limit, leaseMs);
  } catch (error) {
    onTrouble(error);
    return [];
  }
}

async function deliverOne<Item>(line: Line<Item>, item: Item, settings: DeliverySettings) {
  await line.outbox.settle(item, await line.send(item), settings.backOff);
}
