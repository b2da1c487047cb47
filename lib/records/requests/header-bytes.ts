import { isUtf8 } from 'node:buffer';

const BEYOND_A_BYTE = /[^\0-\xff]/;

/**
 * The UTF-8 bytes of a request header. Node servers give one character per byte received, so that `ü` is two; API Gateway and load
 * balancers give decoded text. Text with characters beyond a byte, or whose bytes are not UTF-8, is decoded text.
 */
export function headerBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) && !BEYOND_A_BYTE.test(text) ? bytes : Buffer.from(text);
}
