import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on the loopback interface that counts connections, and breaks them as networks do. */
export interface TcpProxy {
  port: number;
  /** How many connections clients have opened so far. */
  connections(): number;
  /** How many connections are open now. */
  open(): number;
  /** Resets the count of connections. */
  startCounting(): void;
  /** Resolves when the next connection is opened. */
  connected(): Promise<void>;
  /** Forwards new connections to this port from now on. */
  forwardTo(port: number): void;
  /** Drops all data on the connections open now, both ways, without telling either side (half-open). Serves new ones. */
  loseOpen(): void;
  /** Drops responses on the connections open now; requests still arrive. Serves new ones. */
  loseAnswers(): void;
  /** Breaks each connection open now in the middle: so many bytes of that direction still arrive, then both sides see it end, or reset. */
  cutAfter(bytes: number, direction: Direction, how: 'end' | 'reset'): void;
  /** Changes a byte in what comes next on each connection open now. */
  damageNext(direction: Direction): void;
  /** Like {@link TcpProxy.loseOpen}, and new connections are accepted but never answered. */
  hold(): void;
  /** Closes the connections open now, as brokers do with idle ones. */
  hangUp(): void;
  /** Resolves when that side has closed all connections that were forwarded so far. */
  endedBy(side: 'client' | 'server'): Promise<void>;
  close(): Promise<void>;
}

export type Direction = 'requests' | 'answers';

/** The two halves of a connection. */
export interface Pair {
  client: Socket;
  server: Socket;
}

/** Intercepts a connection: it decides what is written to the other side. */
export interface Relay {
  onRequest(chunk: Buffer): void;
  onAnswer(chunk: Buffer): void;
  /** Whether the server is still needed after the client has left. */
  busy(): boolean;
}

interface Connection extends Pair {
  /** The directions whose data is dropped. */
  lost: Record<Direction, boolean>;
  /** How many bytes still arrive before the connection breaks, and how it does; null while it is not to break. */
  cut: { direction: Direction; left: number; how: 'end' | 'reset' } | null;
  /** The direction of which the next data is damaged. */
  damaged: Direction | null;
}

const straight = ({ client, server }: Pair): Relay => ({
  onRequest: (chunk) => server.write(chunk),
  onAnswer: (chunk) => client.write(chunk),
  busy: () => false,
});

/**
 * Starts a proxy on a free port.
 *
 * @param target port to forward connections to; without it, the proxy holds them until {@link TcpProxy.forwardTo} is called
 * @param relayOf makes the relay of each connection
 */
export async function startTcpProxy(target?: number, relayOf: (pair: Pair) => Relay = straight): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const connections: Connection[] = [];
  const ends = { client: new Set<Promise<void>>(), server: new Set<Promise<void>>() };
  let counted = 0;

  // If the proxy delayed small responses, they would wait for the other side's acknowledgement.
  const listener = createServer({ noDelay: true }, (client) => {
    counted++;
    sockets.add(client.on('error', () => undefined));
    if (target === undefined) {
      client.resume();
      return;
    }
    const server = connect({ port: target, host: '127.0.0.1', noDelay: true }).on('error', () => undefined);
    sockets.add(server);
    const connection = { client, server, lost: { requests: false, answers: false }, cut: null, damaged: null };
    connections.push(connection);
    join(connection, relayOf(connection));
    ends.client.add(endOf(client));
    ends.server.add(endOf(server));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  function lose(what: Connection['lost']): void {
    for (const { lost } of connections) Object.assign(lost, what);
  }

  return {
    port: address.port,
    connections: () => counted,
    open: () => connections.filter(({ client }) => !client.destroyed).length,
    startCounting() {
      counted = 0;
    },
    async connected() {
      await once(listener, 'connection');
    },
    forwardTo(port) {
      target = port;
    },
    loseOpen: () => lose({ requests: true, answers: true }),
    loseAnswers() {
      for (const { lost } of connections) lost.answers = true;
    },
    cutAfter(bytes, direction, how) {
      for (const connection of connections) connection.cut = { direction, left: bytes, how };
    },
    damageNext(direction) {
      for (const connection of connections) connection.damaged = direction;
    },
    hold() {
      target = undefined;
      lose({ requests: true, answers: true });
    },
    hangUp() {
      for (const { client } of connections) client.end();
    },
    async endedBy(side) {
      await Promise.all(ends[side]);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** If a direction is dropped, the other side does not learn of its end either. */
function join(connection: Connection, relay: Relay): void {
  const { client, server, lost } = connection;
  client.on('data', (chunk: Buffer) => lost.requests || relay.onRequest(arriving(chunk, 'requests', connection)));
  server.on('data', (chunk: Buffer) => lost.answers || relay.onAnswer(arriving(chunk, 'answers', connection)));
  client.on('close', (failed) => lost.requests || relay.busy() || leave(server, failed));
  server.on('close', (failed) => lost.answers || leave(client, failed));
}

/** The bytes that still arrive. The one that ends them breaks the connection once they have. */
function arriving(chunk: Buffer, direction: Direction, connection: Connection): Buffer {
  const { client, server, cut, damaged } = connection;
  if (damaged === direction) {
    connection.damaged = null;
    chunk[chunk.length - 1] ^= 1;
  }
  if (cut?.direction !== direction) return chunk;
  const rest = chunk.subarray(0, cut.left);
  cut.left -= rest.length;
  if (cut.left === 0) {
    setImmediate(() => {
      for (const socket of [client, server]) cut.how === 'end' ? socket.end() : socket.resetAndDestroy();
    });
  }
  return rest;
}

/** After a clean end, data written before still arrives. */
function leave(socket: Socket, failed: boolean): void {
  if (failed) socket.destroy();
  else socket.end();
}

/** A reset ends a connection, too. */
async function endOf(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => undefined);
}
