import type { SaslExchange } from 'kafkajs/src/network/connection.js';

/** Sends a message of a SASL mechanism, and resolves with the broker's answer to it. */
export function exchange(saslAuthenticate: SaslExchange, text: string): Promise<Buffer> {
  const message = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length);
  return saslAuthenticate({
    request: { encode: async () => Buffer.concat([length, message]) },
    // The answer begins with its length, in four bytes.
    response: { decode: async (bytes) => bytes.subarray(4), parse: async (bytes) => bytes },
  });
}
