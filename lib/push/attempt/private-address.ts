import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks without public addresses: RFC 6890 and its successors, as in IANA's special-purpose registries. */
const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** IPv6 outside global unicast (2000::/3) is refused as a whole; these networks lie inside it but are not public. */
const V6 = [
  // Teredo, benchmarks, ORCHID and other protocol assignments.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 wraps any IPv4 address.
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const special = new BlockList();
for (const [network, prefix] of V4) special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of V6) special.addSubnet(network, prefix, 'ipv6');
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is not public: private, loopback, link-local (where clouds serve their metadata), shared (CGNAT), multicast,
 * reserved, or an IPv4 address inside an IPv6 one. Also true for a string that is not an address.
 */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return special.check(address, 'ipv4');
  // A zone makes it an address on a link of this machine.
  if (!isIPv6(address) || address.includes('%')) return true;
  return !global.check(address, 'ipv6') || special.check(address, 'ipv6');
}
