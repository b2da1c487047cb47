const EQUALS = 0x3d;

/** The size of a body in bytes; an event or a response carries the body as text or as base64. */
export function bodySize(text: string, isBase64: boolean): number {
  if (!isBase64) return Buffer.byteLength(text);
  let { length } = text;
  while (length > 0 && text.charCodeAt(length - 1) === EQUALS) length--;
  return Math.floor((length * 3) / 4);
}
