/** Where a webhook may lead: the open internet over TLS, and what the configuration allows beside it. */
import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Finds every address of a name. Fails when it has none. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

export interface Addresses {
  /** A name is asked for its addresses as they are now. Fails `ForbiddenTarget`, or otherwise when it has none. */
  check(url: string): Promise<void>;
  /** As `check`: why nobody may be called there, or null. */
  refusal(url: string): Promise<string | null>;
  /** Looks a name up for one connection, and gives only what may be reached; fails for anything else. */
  lookup: LookupFunction;
}

/** A target that is private: no later attempt may reach it either. */
export class ForbiddenTarget extends Error {
  override name = 'ForbiddenTarget';
}

/** Of IPv6 only what is routed at large is open. */
const open6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** True for an address of the open internet, by the registries of special addresses. */
export function isPublic(address: string): boolean {
  if (!isIP(address)) return false;
  const one = ipaddr.parse(address);
  return one.range() === 'unicast' && (one instanceof ipaddr.IPv4 || one.match(open6));
}

/** `allow`: host names, addresses and networks (`10.1.0.0/16`) that may be called although they are not of the open internet. */
export function createAddresses(
  allow: string[] = [],
  resolve: Resolve = (host) => systemLookup(host, { all: true }),
): Addresses {
  const allowed = readAllowed(allow);
  const find = async (host: string) => {
    const found = await resolve(host).catch(() => []);
    if (found.length === 0) throw new Error('the host has no address');
    if (!found.every(({ address }) => mayReach(allowed, host, address)))
      throw new ForbiddenTarget('the host is private');
    return found;
  };
  const check = async (text: string) => {
    const url = URL.parse(text);
    const wrong = url ? wrongForm(url, allowed) : 'not a URL';
    if (wrong || !url) throw new ForbiddenTarget(wrong ?? 'not a URL');
    const host = hostOf(url);
    if (!isIP(host)) await find(host);
    else if (!mayReach(allowed, host, host)) throw new ForbiddenTarget('the address is private');
  };
  return {
    check,
    refusal: (url) =>
      check(url).then(
        () => null,
        (error: Error) => error.message,
      ),
    lookup: (host, options, done) => {
      find(host).then(
        (found) => {
          const [first] = found;
          if (options.all || !first) done(null, found);
          else done(null, first.address, first.family);
        },
        (error) => done(error, '', 0),
      );
    },
  };
}

/** As the platform reads it: decimal, octal and hexadecimal forms of an address are that address then. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

function wrongForm(url: URL, allowed: Allowed): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'an https URL';
  if (url.username || url.password) return 'a URL without a user';
  if (url.hash) return 'a URL without a fragment';
  const host = hostOf(url);
  const inHouse = allowed.hosts.has(host) || (isIP(host) !== 0 && isAllowed(allowed, host));
  return url.protocol === 'http:' && !inHouse ? 'an https URL' : null;
}

interface Allowed {
  hosts: Set<string>;
  networks: BlockList;
}

function readAllowed(allow: string[]): Allowed {
  const allowed: Allowed = { hosts: new Set(), networks: new BlockList() };
  for (const entry of allow) {
    const [net = '', bits] = entry
      .trim()
      .replace(/^\[|\]$/g, '')
      .split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(net))
      allowed.networks.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
    else allowed.hosts.add(net.toLowerCase());
  }
  return allowed;
}

const isAllowed = ({ networks }: Allowed, address: string): boolean =>
  networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const mayReach = (allowed: Allowed, host: string, address: string): boolean =>
  isPublic(address) || allowed.hosts.has(host.toLowerCase()) || isAllowed(allowed, address);
