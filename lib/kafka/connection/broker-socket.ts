import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';

/** Who takes what a socket reads. */
export interface Sink {
  /** Where the next bytes are put. */
  readonly room: Buffer;
  /** Takes those that were put there, before anything else is read. */
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
 * Connects to a broker. What it sends is read into the sink's own bytes: Node's streams would set aside 64 KiB for each read, and with
 * them the socket takes a tenth more CPU time for a small request.
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
  const socket = ssl === null ? connect(address, onConnect) : connectTls({ ...address, ...servername, ...ssl }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}
