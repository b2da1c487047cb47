/** `host` or `host:port`, the host a name, an IPv4 or a bracketed IPv6 address. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]{0,252}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * What the paths of the API follow in URLs, as the caller reached it. Empty where the request names no host, or something that is none:
 * paths by themselves are right wherever they are read from.
 *
 * @param headers names in lower case. API Gateway lets no other Host through than its own or the custom domain's
 * @param stagePath as `ReceivedEvent` has it
 * @returns such as `https://api.example.com/dev`, without a slash at its end
 */
export function baseUrl(headers: Readonly<Record<string, string | undefined>>, stagePath: string): string {
  const { host = '', 'x-forwarded-proto': scheme } = headers;
  if (!HOST.test(host)) return stagePath;
  // API Gateway always says https; what leaves it out runs on a developer's machine.
  return `${scheme === 'https' ? 'https' : 'http'}://${host}${stagePath}`;
}

/**
 * The same where proxies stand in front, as they say in `Forwarded` (RFC 7239) or in `X-Forwarded-Host`, `X-Forwarded-Proto` and
 * `X-Forwarded-Prefix`, or `X-Forwarded-Path`, which is all of the path; without a word of theirs, as it is. Whoever asks may say anything
 * there: it is for the answer to that request alone.
 *
 * @param base of {@link baseUrl}
 * @param path what of the request's path follows it
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

/** Of the proxy that the client has asked, which comes first. */
function forwarded(header: string): Forward {
  const found: Forward = {};
  for (const pair of header.split(',')[0].split(';')) {
    const [, name = '', value = ''] = /^\s*(host|proto)\s*=\s*"?([^"]*?)"?\s*$/i.exec(pair) ?? [];
    if (name.toLowerCase() === 'host') found.host = value;
    if (name.toLowerCase() === 'proto') found.proto = value.toLowerCase();
  }
  return found;
}
