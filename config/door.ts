/** Settings of the API's door. Part of `config/index.ts`, which alone reads the environment. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { whole } from './engine.ts';

const proxies = 'addresses and networks such as 10.1.0.0/16, with commas between';

/** An address, or a network of some. */
export function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

// who trusts everybody is told any address
const isProxy = (entry: string): boolean => isNetwork(entry) && !/%|\/0+$/.test(entry);

const count = (min: number, max: number, usual: number) =>
  z.coerce.number(`a whole number from ${min} to ${max}`).pipe(whole(min, max)).default(usual);

/** Variables of the environment. */
export const doorVariables = {
  CALLS_PER_MINUTE: count(1, 1_000_000, 6_000),
  OPENINGS_AT_ONCE: count(1, 1_000, 4),
  OPENINGS_WAITING: count(0, 10_000, 100),
  OPENINGS_STANDING: count(2, 100_000, 200),
  TRUST_PROXY: z
    .string()
    .refine((list) => list.split(',').every(isProxy), proxies)
    .optional(),
};
type Environment = z.infer<z.ZodObject<typeof doorVariables>>;

export interface DoorSettings {
  /** Calls to the API that one person, or one address without a token, may make in a minute. */
  callsPerMinute: number;
  openings: {
    /** Cases that one API process opens at once, each until its first task can be read. */
    atOnce: number;
    /** Openings that may wait in one API process for their turn, five seconds at most. */
    waiting: number;
    /** Open cases that no worker has taken up yet: from so many on the door answers 503 `busy`. Schedules and cases that open
     *  cases wait from half as many on, so that people come first. */
    standing: number;
  };
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed; empty: nobody's is. */
  trustedProxies: string[];
}

/** What the variables say together. */
export function doorSettings(env: Environment): DoorSettings {
  return {
    callsPerMinute: env.CALLS_PER_MINUTE,
    openings: {
      atOnce: env.OPENINGS_AT_ONCE,
      waiting: env.OPENINGS_WAITING,
      standing: env.OPENINGS_STANDING,
    },
    trustedProxies: env.TRUST_PROXY?.split(',') ?? [],
  };
}
