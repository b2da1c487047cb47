import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';

/** Keys of Kafka's requests. */
const keys = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  OffsetFetch: 9,
  FindCoordinator: 10,
  DescribeGroups: 15,
  ListGroups: 16,
  SaslHandshake: 17,
  ApiVersions: 18,
  CreateTopics: 19,
  InitProducerId: 22,
  DescribeConfigs: 32,
  SaslAuthenticate: 36,
  DeleteGroups: 42,
  OffsetDelete: 47,
  ConsumerGroupDescribe: 69,
};
export type RequestName = keyof typeof keys;
const names = new Map(Object.entries(keys).map(([name, key]) => [key, name]));

/** A request or an answer that is kept from going on. */
export interface Held {
  /** Lets it go on, although its sender may have left. Resolves when a request was answered, or an answer handed over. */
  release(): Promise<void>;
}

/** A proxy in front of one broker that sees each request and answer, and interferes as networks do. */
export interface KafkaProxy {
  port: number;
  /** How many connections have been opened so far. */
  connections(): number;
  /** How many connections are open now. */
  open(): number;
  /** Names of the requests so far, in their order. */
  requests(): string[];
  /** Begins to count connections and requests anew. */
  startCounting(): void;
  /** Resolves when another connection is opened. */
  connected(): Promise<void>;
  /** Resolves when the next request of this name has gone on to the broker. */
  passed(name: RequestName): Promise<void>;
  /** Keeps the next request of this name; resolves when it has come. */
  holdRequest(name: RequestName): Promise<Held>;
  /** Keeps the next answer to a request of this name; resolves when it has come. */
  holdAnswer(name: RequestName): Promise<Held>;
  /** Hangs up in place of the next answer to a request of this name; resolves when that is done. */
  hangUpOnAnswer(name: RequestName): Promise<void>;
  /** What goes over the connections open now is lost both ways from here on, and neither side is told. New ones are served. */
  loseOpen(): void;
  /** Ends the connections open now, as brokers do with idle ones. */
  hangUp(): void;
  /** Where new connections go. */
  forwardTo(port: number): void;
  close(): Promise<void>;
}

/** Both halves of a connection. */
interface Pair {
  client: Socket;
  server: Socket;
  /** Names of the requests without an answer yet, by correlation id. */
  open: Map<number, string>;
  /** To be told when a request that was held is answered. */
  waiting: Map<number, () => void>;
  lost: boolean;
}

/** Takes one frame out of the traffic. */
interface Trap {
  side: 'request' | 'answer';
  name: RequestName;
  take(frame: Buffer, pair: Pair): void;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startProxy(target = 0): Promise<KafkaProxy> {
  const pairs = new Set<Pair>();
  const traps: Trap[] = [];
  let requests: string[] = [];
  let connections = 0;

  const listener = createServer((client) => {
    connections++;
    const pair = { client, server: connect(target, '127.0.0.1'), open: new Map(), waiting: new Map(), lost: false };
    pairs.add(pair);
    relay(pair);
  });

  function relay(pair: Pair): void {
    const { client, server } = pair;
    const fromClient = new FrameReader((frame) => onRequest(frame, pair));
    const fromServer = new FrameReader((frame) => onAnswer(frame, pair));
    client.on('data', (chunk: Buffer) => pair.lost || fromClient.push(chunk));
    server.on('data', (chunk: Buffer) => pair.lost || fromServer.push(chunk));
    for (const socket of [client, server]) socket.on('error', () => undefined);
    server.on('close', () => pair.lost || client.destroy());
    // A held request still goes to the broker when its sender has left.
    client.on('close', () => pair.lost || pair.waiting.size > 0 || server.destroy());
  }

  function onRequest(frame: Buffer, pair: Pair): void {
    const name = names.get(frame.readInt16BE(4)) ?? 'unnamed';
    requests.push(name);
    pair.open.set(frame.readInt32BE(8), name);
    if (!trapped('request', name, frame, pair)) pair.server.write(frame);
  }

  function onAnswer(frame: Buffer, pair: Pair): void {
    const id = frame.readInt32BE(4);
    const name = pair.open.get(id) ?? 'unnamed';
    pair.open.delete(id);
    pair.waiting.get(id)?.();
    pair.waiting.delete(id);
    if (!trapped('answer', name, frame, pair)) pair.client.write(frame);
  }

  function trapped(side: Trap['side'], name: string, frame: Buffer, pair: Pair): boolean {
    const index = traps.findIndex((trap) => trap.side === side && trap.name === name);
    if (index < 0) return false;
    const [trap] = traps.splice(index, 1);
    trap.take(frame, pair);
    return true;
  }

  const trap = <T>(side: Trap['side'], name: RequestName, take: (frame: Buffer, pair: Pair) => T): Promise<T> =>
    new Promise((resolve) => {
      traps.push({ side, name, take: (frame, pair) => resolve(take(frame, pair)) });
    });

  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    connections: () => connections,
    open: () => [...pairs].filter(({ client }) => !client.destroyed).length,
    requests: () => requests,
    startCounting() {
      connections = 0;
      requests = [];
    },
    async connected() {
      await once(listener, 'connection');
    },
    passed: (name) => trap('request', name, (frame, { server }) => void server.write(frame)),
    holdRequest: (name) =>
      trap('request', name, (frame, pair) => {
        const answered = new Promise<void>((resolve) => pair.waiting.set(frame.readInt32BE(8), resolve));
        return {
          release() {
            pair.server.write(frame);
            return answered;
          },
        };
      }),
    holdAnswer: (name) =>
      trap('answer', name, (frame, { client }) => ({
        release: () => new Promise((resolve) => client.write(frame, () => resolve())),
      })),
    hangUpOnAnswer: (name) => trap('answer', name, (_, { client }) => void client.destroy()),
    loseOpen() {
      for (const pair of pairs) pair.lost = true;
    },
    hangUp() {
      for (const { client } of pairs) client.end();
    },
    forwardTo(port) {
      target = port;
    },
    async close() {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
