import { isUtf8 } from 'node:buffer';

const BEYOND_A_BYTE = /[^\0-\xff]/;

/**
 * The bytes of a request header's text, in UTF-8. Servers made with Node hand over a character for each byte that came, so that `ü` is two;
 * API Gateway and load balancers hand over the text. What is no UTF-8 as bytes, or more than bytes, is text.
 */
export function headerBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) && !BEYOND_A_BYTE.test(text) ? bytes : Buffer.from(text);
}
