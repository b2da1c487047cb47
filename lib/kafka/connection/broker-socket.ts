import { connect, isIP, Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';

/** Receives what a socket reads. */
export interface Sink {
  /** Where the next bytes are put. */
  readonly room: Buffer;
  /** Takes the bytes that were put there, before the next read. */
  take(chunk: Buffer): void;
}

interface Target {
  host: string;
  port: number;
  /** Null for plain text. */
  ssl: TlsOptions | null;
  onConnect: () => void;
}

const KEEP_ALIVE_MS = 60_000;

/**
 * Connects to a broker. The socket reads straight into the sink's buffer: Node's streams would allocate 64 KiB for each read, and take a
 * tenth more CPU time for a small request.
 */
export function brokerSocket({ host, port, ssl, onConnect }: Target, sink: Sink): Socket {
  const onread = {
    buffer: () => sink.room,
    callback(size: number, room: Uint8Array) {
      sink.take(Buffer.from(room.buffer, room.byteOffset, size));
      return true;
    },
  };
  const address = { host, port, onread };
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = ssl === null ? connect(address, onConnect) : tlsSocket({ ...address, ...servername, ...ssl }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}

/** OpenSSL refuses some certificates and keys before it connects. kafkajs would drop the code of what is thrown, which says why. */
function tlsSocket(options: TlsOptions, onConnect: () => void): Socket {
  try {
    return connectTls(options, onConnect);
  } catch (error) {
    return new Socket().destroy(error instanceof Error ? error : undefined);
  }
}
