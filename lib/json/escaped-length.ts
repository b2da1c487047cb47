/** How many extra bytes each byte takes inside a JSON string. */
const extra = new Uint8Array(256).fill(5, 0, 0x20);
for (const character of '\b\t\n\f\r"\\') extra[character.charCodeAt(0)] = 1;

/** The bytes that UTF-8 text takes inside a JSON string, without quotes, if only what must be escaped is. */
export function escapedLength(bytes: Buffer, start: number, end: number): number {
  let length = end - start;
  for (let at = start; at < end; at++) length += extra[bytes[at]];
  return length;
}
