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

/** Variables of the environment. */
export const doorVariables = {
  CALLS_PER_MINUTE: z.coerce
    .number('a whole number from 1 to 1000000')
    .pipe(whole(1, 1_000_000))
    .default(6_000),
  TRUST_PROXY: z
    .string()
    .refine((list) => list.split(',').every(isProxy), proxies)
    .optional(),
};
type Environment = z.infer<z.ZodObject<typeof doorVariables>>;

export interface DoorSettings {
  /** Calls to the API that one person, or one address without a token, may make in a minute. */
  callsPerMinute: number;
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed; empty: nobody's is. */
  trustedProxies: string[];
}

/** What the variables say together. */
export function doorSettings({ CALLS_PER_MINUTE, TRUST_PROXY }: Environment): DoorSettings {
  return { callsPerMinute: CALLS_PER_MINUTE, trustedProxies: TRUST_PROXY?.split(',') ?? [] };
}
