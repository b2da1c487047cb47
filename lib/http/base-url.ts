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
