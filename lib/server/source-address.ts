import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { proxiesConfig } from '../config/proxies.ts';

/**
 * The address that a request comes from: that of its connection; behind trusted proxies, the last in `X-Forwarded-For` that is none of
 * theirs. What stands before that one, the caller may have written.
 */
export function sourceAddressOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const { isProxy } = proxiesConfig();
  let address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (isProxy === null) return address;
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  while (isProxy(address)) {
    const before = addressIn(forwarded.pop() ?? '');
    if (before === null) break;
    address = before;
  }
  return address;
}

/** Some proxies write the port as well, and brackets around IPv6. */
function addressIn(text: string): string | null {
  const written = text.trim();
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(written)?.[1] ?? /^([\d.]+):\d+$/.exec(written)?.[1] ?? written;
  const address = bare.replace(/^::ffff:(?=[\d.]+$)/i, '');
  return isIP(address) > 0 ? address : null;
}
