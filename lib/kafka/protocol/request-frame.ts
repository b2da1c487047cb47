import type { Request } from './request.ts';

/** Below this size, a request is joined into one buffer; above it, batches go to the socket uncopied. */
const JOIN_BELOW = 65_536;

/**
 * A request with its size and header (version 1) in front, in one buffer if it is small: a write is the main cost of a small request.
 *
 * @param clientId in UTF-8
 */
export function requestFrame(request: Request<unknown>, version: number, correlationId: number, clientId: Buffer): Buffer[] {
  const body = request.encode(version);
  let size = 0;
  for (const part of body) size += part.length;
  const header = 14 + clientId.length;
  const joined = size < JOIN_BELOW;
  const head = Buffer.allocUnsafe(joined ? header + size : header);
  head.writeInt32BE(header - 4 + size, 0);
  head.writeInt16BE(request.key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(clientId.length, 12);
  clientId.copy(head, 14);
  if (!joined) return [head, ...body];
  let at = header;
  for (const part of body) at += part.copy(head, at);
  return [head];
}
