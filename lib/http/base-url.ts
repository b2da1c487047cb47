/** `host` or `host:port`, the host a name, an IPv4 or a bracketed IPv6 address. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,252}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * The URL in front of the API's paths, as the caller reached it. Without a valid Host header it is only the path of the stage, if any:
 * links without a host work from wherever the client reads them.
 *
 * @param headers names in lower case. API Gateway accepts no Host but its own and the custom domain's
 * @param stagePath as in `ReceivedEvent`
 * @returns such as `https://api.example.com/dev`, without a trailing slash
 */
export function baseUrl(headers: Readonly<Record<string, string | undefined>>, stagePath: string): string {
  const { host = '', 'x-forwarded-proto': scheme } = headers;
  if (!HOST.test(host)) return stagePath;
  // API Gateway always sets https; without the header, the gateway runs on a developer's machine.
  return `${scheme === 'https' ? 'https' : 'http'}://${host}${stagePath}`;
}

/**
 * The base URL as the proxies in front report it: in `Forwarded` (RFC 7239), or in `X-Forwarded-Host`, `X-Forwarded-Proto` and
 * `X-Forwarded-Prefix`, or `X-Forwarded-Path`, which holds the whole path. Without these headers it is `base`.
 * A client can forge these headers: use the result only in the response to the same request.
 *
 * @param base as {@link baseUrl} returns it
 * @param path the part of the request's path that follows the base URL
 */
export function forwardedBaseUrl(headers: Readonly<Record<string, string | undefined>>, base: string, path: string): string {
  const { host, proto } = { ...xForwarded(headers), ...forwarded(headers.forwarded ?? '') };
  if (host === undefined || !HOST.test(host)) return base;
  const [, scheme = '', stagePath = ''] = /^(?:(https?):\/\/[^/]*)?(.*)$/s.exec(base) ?? [];
  const named = proto === 'http' || proto === 'https' ? proto : scheme || 'http';
  const { 'x-forwarded-prefix': prefix = '', 'x-forwarded-path': whole = '' } = headers;
  if (whole.endsWith(path)) return `${named}://${host}${pathIn(whole.slice(0, -path.length))}`;
  return `${named}://${host}${pathIn(prefix)}${stagePath}`;
}

const pathIn = (text: string): string => /^(?:\/[\w.~-]+)*$/.exec(text)?.[0] ?? '';

const firstOf = (list: string | undefined): string | undefined => list?.split(',')[0].trim() || undefined;

function xForwarded({ 'x-forwarded-host': host, 'x-forwarded-proto': proto }: Readonly<Record<string, string | undefined>>): Forward {
  const [named, scheme] = [firstOf(host), firstOf(proto)];
  return { ...(named !== undefined && { host: named }), ...(scheme !== undefined && { proto: scheme }) };
}

interface Forward {
  host?: string;
  proto?: string;
}

/** What the first element says: it comes from the proxy that the client called. */
function forwarded(header: string): Forward {
  const found: Forward = {};
  for (const pair of header.split(',')[0].split(';')) {
    const [, name = '', value = ''] = /^\s*(host|proto)\s*=\s*"?([^"]*?)"?\s*$/i.exec(pair) ?? [];
    if (name.toLowerCase() === 'host') found.host = value;
    if (name.toLowerCase() === 'proto') found.proto = value.toLowerCase();
  }
  return found;
}
