const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A curl command. A shell variable stands for the credentials, which never leave the page.
 *
 * @param header the name of the header with the credentials; null without any
 */
export function asCurl(url: string, header: string | null, more: { contentType?: string; body?: string } = {}): string {
  return [
    `curl ${quoted(url)}`,
    ...(header === null ? [] : [`-H "${header}: $${header.toUpperCase().replaceAll('-', '_')}"`]),
    ...(more.contentType === undefined ? [] : [`-H ${quoted(`Content-Type: ${more.contentType}`)}`]),
    ...(more.body === undefined ? [] : [`--data-raw ${quoted(more.body)}`]),
  ].join(' \\\n  ');
}
