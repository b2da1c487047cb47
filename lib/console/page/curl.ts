const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A curl command. A shell variable stands for the credentials, which never leave the page. */
export function asCurl(url: string, hasLogin: boolean, more: { contentType?: string; body?: string } = {}): string {
  return [
    `curl ${quoted(url)}`,
    ...(hasLogin ? ['-H "Authorization: $AUTHORIZATION"'] : []),
    ...(more.contentType === undefined ? [] : [`-H ${quoted(`Content-Type: ${more.contentType}`)}`]),
    ...(more.body === undefined ? [] : [`--data-raw ${quoted(more.body)}`]),
  ].join(' \\\n  ');
}
