const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Removes insignificant whitespace from a JSON text, in place; all else stays byte for byte: digits, member order, duplicates, escapes. The
 * text must have been scanned: outside of strings, every byte up to the space counts as whitespace.
 *
 * @returns the new end of the text
 */
export function compactJson(bytes: Buffer, start: number, end: number): number {
  let from = start;
  let to = start;
  while (from < end) {
    let byte = bytes[from++];
    if (byte <= SPACE) continue;
    bytes[to++] = byte;
    if (byte !== QUOTE) continue;
    do {
      byte = bytes[from++];
      bytes[to++] = byte;
      if (byte === BACKSLASH) bytes[to++] = bytes[from++];
    } while (byte !== QUOTE);
  }
  return to;
}
