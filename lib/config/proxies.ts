import { BlockList, isIP } from 'node:net';
import { ofProcess, section } from './section.ts';

/** The proxies in front of a process that serves requests itself. */
export interface ProxiesConfig {
  /** Whether an address is one of theirs; null without any. */
  isProxy: ((address: string) => boolean) | null;
}

export const readProxies = section((reader): ProxiesConfig => {
  const name = 'GATEWAY_TRUSTED_PROXIES';
  const networks = reader.list(name);
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits, ...rest] = network.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.POSITIVE_INFINITY;
    if (version === 0 || prefix > most || rest.length > 0) {
      return reader.problem(`${name} must be addresses or networks such as 10.0.0.0/8, separated by commas`, { isProxy: null });
    }
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return { isProxy: networks.length === 0 ? null : (one) => isIP(one) > 0 && list.check(one, isIP(one) === 4 ? 'ipv4' : 'ipv6') };
});

/**
 * The section of proxies in this process.
 *
 * @throws {GatewayError} InternalError; its cause says what is wrong
 */
export const proxiesConfig = ofProcess(readProxies);
