import { compress } from './compress.ts';
import { acceptedEncoding, LEAST_COMPRESSED_BYTES } from './content-encoding.ts';
import type { GatewayMiddleware, MiddlewareRequest } from './middleware.ts';

/** The largest ratio of compressed to plain size: if it saves less, the client decompresses for nothing. */
const PAYS = 0.9;

/** Compresses bodies that are large enough, for clients that accept it. Bodies that are already encoded stay as they are. */
export const compressed: GatewayMiddleware = { after: compressBody, onError: compressBody };

function compressBody({ internal: { received }, response }: MiddlewareRequest): Promise<void> | undefined {
  if (!response || response.stream !== undefined) return;
  const { headers } = response;
  const isEncoded = headers['content-encoding'] !== undefined;
  if (received.method === 'HEAD' || (!isEncoded && response.body.length < LEAST_COMPRESSED_BYTES)) return;
  headers.vary = headers.vary === undefined ? 'accept-encoding' : `${headers.vary}, accept-encoding`;
  const encoding = isEncoded ? null : acceptedEncoding(received.headers['accept-encoding']);
  if (encoding === null) return;
  const bytes = Buffer.from(response.body, response.isBase64Encoded ? 'base64' : 'utf8');
  return compress(bytes, encoding).then((packed) => {
    if (packed.length > bytes.length * PAYS) return;
    headers['content-encoding'] = encoding;
    response.body = packed.toString('base64');
    response.isBase64Encoded = true;
  });
}
