import { BlockList, isIP } from 'node:net';
import { parseModes } from '../../lib/access/modes.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/**
 * A warning of a gateway that anyone in its network may use; null if it asks who they are, or listens for this machine alone.
 *
 * @param auth the variable GATEWAY_AUTH
 * @param host where it listens: an address, or a name
 */
export function openToAll(auth: string, host: string): string | null {
  if (!parseModes(auth).includes('none') || isLoopback(host)) return null;
  return `GATEWAY_AUTH=none at ${host}: anyone who can reach this machine can read and write your Kafka. Set HOST=127.0.0.1, or another GATEWAY_AUTH.`;
}

function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
