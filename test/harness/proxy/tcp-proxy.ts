import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on the loopback interface that counts connections, and breaks them as networks do. */
export interface TcpProxy {
  port: number;
  /** How many connections clients have opened so far. */
  accepted(): number;
  /** Where connections go from now on. */
  forwardTo(port: number): void;
  /** What is sent over the connections open now is lost, both ways, and neither side is told (half-open). New ones are served. */
  dropOpen(): void;
  /** What clients send over the connections open now still arrives; what servers answer is lost. New ones are served. */
  loseAnswers(): void;
  /** As {@link TcpProxy.dropOpen}, and new connections are accepted and never answered. */
  hold(): void;
  /** Resolves when that side has ended all connections that were forwarded so far. */
  endedBy(side: 'client' | 'server'): Promise<void>;
  close(): Promise<void>;
}

/** The two halves of a connection. */
interface Pair {
  client: Socket;
  server: Socket;
  /** True once something is lost between them; then neither hears of the other's errors. */
  broken: boolean;
}

/** Starts a proxy on a free port; it holds until {@link TcpProxy.forwardTo} is called. */
export async function startTcpProxy(): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const pairs: Pair[] = [];
  const ends = { client: new Set<Promise<void>>(), server: new Set<Promise<void>>() };
  let accepted = 0;
  let target: number | undefined;

  const listener = createServer((client) => {
    accepted += 1;
    sockets.add(client);
    if (target === undefined) {
      client.on('error', () => undefined).resume();
      return;
    }
    const server = connect(target, '127.0.0.1');
    sockets.add(server);
    pairs.push(join(client, server));
    ends.client.add(endOf(client));
    ends.server.add(endOf(server));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  function dropOpen(): void {
    for (const pair of pairs.splice(0)) {
      lose(pair, pair.client, pair.server);
      lose(pair, pair.server, pair.client);
    }
  }

  return {
    port: address.port,
    accepted: () => accepted,
    forwardTo(port) {
      target = port;
    },
    dropOpen,
    loseAnswers() {
      for (const pair of pairs) lose(pair, pair.server, pair.client);
    },
    hold() {
      target = undefined;
      dropOpen();
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

function join(client: Socket, server: Socket): Pair {
  const pair = { client, server, broken: false };
  client.pipe(server).pipe(client);
  client.on('error', () => pair.broken || server.destroy());
  server.on('error', () => pair.broken || client.destroy());
  return pair;
}

function lose(pair: Pair, from: Socket, to: Socket): void {
  pair.broken = true;
  from.unpipe(to).resume();
}

/** A reset ends a connection, too. */
async function endOf(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => undefined);
}
