import { promisify } from 'node:util';
import type { EncodedBody } from '../events/http-api.ts';
import { bodyNotBase64, bodyNotGzip, bodyTooLarge, contentEncodingNotSupported, inflatedBodyTooLarge } from '../messages/requests.ts';

/** The default limit of a request body, after decoding and decompression: as much as Lambda accepts. */
export const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * The bytes of a request body, decoded and decompressed; in a buffer that the caller may keep.
 * @param limit in bytes, of the body as sent and of the body decompressed
 * @throws {GatewayError} TooLarge; UnsupportedMediaType for a Content-Encoding other than gzip; BadRequest for broken base64 or gzip
 */
export async function readBody(body: EncodedBody, limit: number = MAX_BODY_BYTES): Promise<Buffer> {
  const isGzip = isCompressed(body.contentEncoding);
  const bytes = body.isBase64 ? decodeBase64(body.text, limit) : encodeText(body.text, limit);
  return isGzip && bytes.length > 0 ? decompress(bytes, limit) : bytes;
}

function isCompressed(contentEncoding = ''): boolean {
  const name = contentEncoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return false;
  if (name === 'gzip' || name === 'x-gzip') return true;
  const headers = { 'accept-encoding': 'gzip, identity' };
  throw contentEncodingNotSupported.with({ headers }, name);
}

function decodeBase64(text: string, limit: number): Buffer {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const size = Math.floor((digits * 3) / 4);
  if (size > limit) throw bodyTooLarge(limit);
  const bytes = Buffer.from(text, 'base64');
  // Node skips characters that are not base64: then the buffer is shorter.
  if (bytes.length !== size || digits % 4 === 1) throw bodyNotBase64();
  return bytes;
}

function encodeText(text: string, limit: number): Buffer {
  if (text.length > limit) throw bodyTooLarge(limit);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > limit) throw bodyTooLarge(limit);
  return bytes;
}

async function decompress(bytes: Buffer, limit: number): Promise<Buffer> {
  // Loaded on demand: most requests are not compressed.
  const { gunzip } = await import('node:zlib');
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: limit, chunkSize: 64 * 1024 });
  } catch (cause) {
    if (cause instanceof RangeError) throw inflatedBodyTooLarge(limit);
    throw bodyNotGzip.with({ cause });
  }
}
