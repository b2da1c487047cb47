import { isIPv6 } from 'node:net';

/** IPv4 addresses within IPv6 (RFC 4291, section 2.5.5): whoever has one of these has that address, and no network. */
const MAPPED = '0:0:0:0:0:ffff:';

/**
 * What an address is counted as: of IPv6 the /64 that it is in, as whoever has one address of a network has 2^64; of IPv4 the address,
 * also where it is written as one of IPv6. A text that is no address is itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address.replace(/%.*$/, ''));
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  if (groups.join(':').startsWith(MAPPED)) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an address, without leading zeros. */
function groupsOf(address: string): string[] {
  // It writes each address in one way, with `::` for the longest run of zeros, and no dots.
  const [before, after] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  return after === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
