import assert from 'node:assert/strict';
import { decodeByStock, encodeByStock, type Plain } from './stock-runtime.ts';

/** A client of the gateway's WebSocket. */
export interface SocketClient {
  /** Sends a text frame, and waits for the next frame. */
  exchange(text: string): Promise<string>;
  /** Sends a command in base64, and waits for its response. */
  command(request: Plain): Promise<Plain>;
  close(): void;
}

/**
 * Opens a WebSocket.
 *
 * @throws when the handshake is refused
 */
export async function openSocket(url: string, headers: Record<string, string> = {}): Promise<SocketClient> {
  const socket = new WebSocket(url, { headers });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.addEventListener('open', () => resolve());
  socket.addEventListener('error', () => reject(new Error('the handshake was refused')));
  await promise;

  const exchange = async (text: string): Promise<string> => {
    const next = Promise.withResolvers<string>();
    const closed = () => next.reject(new Error('the socket was closed'));
    socket.addEventListener('message', ({ data }) => next.resolve(String(data)), { once: true });
    socket.addEventListener('close', closed, { once: true });
    socket.send(text);
    try {
      return await next.promise;
    } finally {
      socket.removeEventListener('close', closed);
    }
  };
  return {
    exchange,
    async command(request) {
      const text = await exchange(encodeByStock(request).toString('base64'));
      assert.match(text, /^[A-Za-z0-9+/]+=*$/);
      return decodeByStock(Buffer.from(text, 'base64'));
    },
    close: () => socket.close(),
  };
}
