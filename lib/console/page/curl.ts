const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A request for a shell. Who is asking is left to a variable: credentials do not leave the page. */
export function asCurl(url: string, hasLogin: boolean, more: { contentType?: string; body?: string } = {}): string {
  return [
    `curl ${quoted(url)}`,
    ...(hasLogin ? ['-H "Authorization: $AUTHORIZATION"'] : []),
    ...(more.contentType === undefined ? [] : [`-H ${quoted(`Content-Type: ${more.contentType}`)}`]),
    ...(more.body === undefined ? [] : [`--data-raw ${quoted(more.body)}`]),
  ].join(' \\\n  ');
}
