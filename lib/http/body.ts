import { promisify } from 'node:util';
import { GatewayError } from '../errors.ts';
import type { EncodedBody } from '../events/http-api.ts';
import { quote } from '../quote.ts';

/** The limit of a request body after decoding and decompression, when none is configured: as much as Lambda hands over. */
export const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * The bytes of a request body, decoded and decompressed; in a buffer of the caller's own.
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
  throw new GatewayError('UnsupportedMediaType', `The Content-Encoding ${quote(name)} is not taken: send gzip or none`, { headers });
}

function decodeBase64(text: string, limit: number): Buffer {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const size = Math.floor((digits * 3) / 4);
  if (size > limit) throw tooLarge(limit);
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64, which shows in the length.
  if (bytes.length !== size || digits % 4 === 1) throw new GatewayError('BadRequest', 'The request body is marked as base64 and is not');
  return bytes;
}

function encodeText(text: string, limit: number): Buffer {
  if (text.length > limit) throw tooLarge(limit);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > limit) throw tooLarge(limit);
  return bytes;
}

async function decompress(bytes: Buffer, limit: number): Promise<Buffer> {
  // Loaded here, because most requests are not compressed.
  const { gunzip } = await import('node:zlib');
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: limit, chunkSize: 64 * 1024 });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limit, ' when decompressed');
    throw new GatewayError('BadRequest', 'The request body is not whole and valid gzip', { cause });
  }
}

const tooLarge = (limit: number, when = '') =>
  new GatewayError('TooLarge', `The request body is larger than ${limit} bytes${when}: send less in one request`);
