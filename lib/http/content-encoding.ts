/** The codings of responses, the preferred one first: brotli takes less time for fewer bytes. */
const CODINGS = ['br', 'gzip'] as const;

export type ContentEncoding = (typeof CODINGS)[number];

/** Smaller bodies are not compressed: they fit into about one packet anyway. */
export const LEAST_COMPRESSED_BYTES = 2048;

/**
 * Chooses the coding of a response by the request's `Accept-Encoding` (RFC 9110, 12.5.3): the one of highest quality.
 *
 * @returns null for none: the header is absent or malformed, or prefers `identity`
 */
export function acceptedEncoding(header: string | undefined): ContentEncoding | null {
  if (header === undefined) return null;
  const qualities = readQualities(header);
  const qualityOf = (coding: string) => qualities.get(coding) ?? qualities.get('*') ?? 0;
  let chosen: ContentEncoding | null = null;
  // A client that does not name identity prefers any coding that it names.
  let best = qualities.get('identity') ?? 0;
  for (const coding of CODINGS) {
    const quality = qualityOf(coding);
    if (quality === 0 || quality < best || (quality === best && chosen !== null)) continue;
    chosen = coding;
    best = quality;
  }
  return chosen;
}

const ITEM = /^\s*([\w!#$&^.+*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i;

function readQualities(header: string): Map<string, number> {
  const qualities = new Map<string, number>();
  for (const item of header.split(',')) {
    const [, name, quality = '1'] = ITEM.exec(item) ?? [];
    if (name !== undefined) qualities.set(name.toLowerCase().replace(/^x-gzip$/, 'gzip'), Math.min(1, Number(quality)));
  }
  return qualities;
}
