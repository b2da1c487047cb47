import { isIPv6 } from 'node:net';

/** The prefix of IPv4 addresses in IPv6 (RFC 4291, section 2.5.5). Such a caller has this one address, not a network. */
const MAPPED = '0:0:0:0:0:ffff:';

/**
 * The unit in which the gateway counts an address: for IPv6 its /64 network, because its owner has 2^64 addresses; for IPv4 the address,
 * even if it is written as IPv6. A text that is not an address stays as it is.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address.replace(/%.*$/, ''));
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  if (groups.join(':').startsWith(MAPPED)) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // URL writes each address in one way: `::` for the longest run of zeros, and no dots.
  const [before, after] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  return after === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
