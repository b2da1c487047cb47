import { lookup as lookupByDns } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivateAddress } from './private-address.ts';

/** Finds the addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

/** Why the gateway does not connect to a target; the subscription's owner sees it. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/** Where the gateway may deliver to. */
export interface Targets {
  /** Whether any https URL of the public internet is allowed. */
  readonly isPublicAllowed: boolean;
  /** Origins that are allowed whatever their address is, such as `https://hooks.internal:8443`. */
  readonly origins: readonly string[];
}

/**
 * Checks whether a URL may be a target, as far as the URL itself tells.
 *
 * @throws {TargetRefused}
 */
export function checkTarget(url: URL, { isPublicAllowed, origins }: Targets): void {
  if (url.username !== '' || url.password !== '') throw new TargetRefused('it must not hold credentials');
  if (origins.includes(url.origin)) return;
  if (!isPublicAllowed) throw new TargetRefused('it is not among the targets that this gateway allows');
  if (url.protocol !== 'https:') throw new TargetRefused('it must be an https URL');
  if (url.port !== '') throw new TargetRefused('it must have the port 443');
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && isPrivateAddress(host)) throw new TargetRefused('its address is not one of the public internet');
}

/**
 * The lookup for connections to targets. Each connection looks its name up once and goes to the address that was checked. A name with any
 * address that is not public is refused.
 */
export const guardedLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const refused = found.length === 0 || found.some(({ address }) => isPrivateAddress(address));
        if (refused) callback(new TargetRefused('its name leads to an address that is not one of the public internet'), '', 0);
        else if (options.all) callback(null, [...found]);
        else callback(null, found[0].address, found[0].family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };

/** All addresses of a name, by the system's resolver. */
export const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookupByDns(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** A host without the brackets of IPv6. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');
