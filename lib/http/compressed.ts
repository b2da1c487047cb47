import { compress } from './compress.ts';
import { acceptedEncoding, LEAST_COMPRESSED_BYTES } from './content-encoding.ts';
import type { GatewayMiddleware, MiddlewareRequest } from './middleware.ts';

/** What a compressed body may be of the body at most: less is not worth the client's work. */
const PAYS = 0.9;

/** Compresses what is large enough for a client that accepts it. Bodies that are encoded already stay as they are. */
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
