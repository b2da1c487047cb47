import { FrameReader } from './frame-reader.ts';
import { type Pair, type Relay, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** The keys of Kafka's requests. */
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
  ConsumerGroupHeartbeat: 68,
  ConsumerGroupDescribe: 69,
  ShareFetch: 78,
};
export type RequestName = keyof typeof keys;
const names = new Map(Object.entries(keys).map(([name, key]) => [key, name]));

/** A request or a response that the proxy holds back. */
export interface Held {
  /** Forwards it, even if its sender has left. Resolves when a request was answered, or a response forwarded. */
  release(): Promise<void>;
}

/** A proxy in front of one broker that sees each request and response, and interferes with them by name. */
export interface KafkaProxy extends TcpProxy {
  /** The names of the requests so far, in order; reset with the connection count. */
  requests(): string[];
  /** How often a request was the first or came after a response; reset with the connection count. */
  roundTrips(): number;
  /** The bytes of the requests and responses; reset with the connection count. */
  bytes(): number;
  /** Resolves when the next request of this name was forwarded to the broker. */
  passed(name: RequestName): Promise<void>;
  /** Holds the next request of this name; resolves when it has arrived. */
  holdRequest(name: RequestName): Promise<Held>;
  /** Holds the next response to a request of this name; resolves when it has arrived. */
  holdAnswer(name: RequestName): Promise<Held>;
  /** Hangs up instead of forwarding the next response to a request of this name; resolves when that is done. */
  hangUpOnAnswer(name: RequestName): Promise<void>;
}

/** A connection, and its requests in flight. */
interface Exchange extends Pair {
  /** The names of unanswered requests, by correlation id. */
  open: Map<number, string>;
  /** Called when a held request is answered. */
  waiting: Map<number, () => void>;
}

/** Intercepts one frame. */
interface Trap {
  side: 'request' | 'answer';
  name: RequestName;
  take(frame: Buffer, exchange: Exchange): void;
}

/**
 * Starts a proxy on a free port of the loopback interface.
 *
 * @param target port of the broker; without it, the proxy holds connections until {@link TcpProxy.forwardTo} is called
 */
export async function startKafkaProxy(target?: number): Promise<KafkaProxy> {
  const traps: Trap[] = [];
  let requests: string[] = [];
  let [roundTrips, bytes] = [0, 0];
  let isAnswered = true;

  function relayOf(pair: Pair): Relay {
    const exchange = { ...pair, open: new Map(), waiting: new Map() };
    const fromClient = new FrameReader((frame) => onRequest(frame, exchange));
    const fromServer = new FrameReader((frame) => onAnswer(frame, exchange));
    return {
      onRequest: (chunk) => fromClient.push(chunk),
      onAnswer: (chunk) => fromServer.push(chunk),
      // A held request is still forwarded to the broker when its sender has left.
      busy: () => exchange.waiting.size > 0,
    };
  }

  function onRequest(frame: Buffer, exchange: Exchange): void {
    const name = names.get(frame.readInt16BE(4)) ?? 'unnamed';
    requests.push(name);
    if (isAnswered) roundTrips++;
    isAnswered = false;
    bytes += frame.length;
    exchange.open.set(frame.readInt32BE(8), name);
    if (!trapped('request', name, frame, exchange)) exchange.server.write(frame);
  }

  function onAnswer(frame: Buffer, exchange: Exchange): void {
    const id = frame.readInt32BE(4);
    const name = exchange.open.get(id) ?? 'unnamed';
    isAnswered = true;
    bytes += frame.length;
    exchange.open.delete(id);
    exchange.waiting.get(id)?.();
    exchange.waiting.delete(id);
    if (!trapped('answer', name, frame, exchange)) exchange.client.write(frame);
  }

  function trapped(side: Trap['side'], name: string, frame: Buffer, exchange: Exchange): boolean {
    const index = traps.findIndex((trap) => trap.side === side && trap.name === name);
    if (index < 0) return false;
    const [trap] = traps.splice(index, 1);
    trap.take(frame, exchange);
    return true;
  }

  const trap = <T>(side: Trap['side'], name: RequestName, take: (frame: Buffer, exchange: Exchange) => T): Promise<T> =>
    new Promise((resolve) => {
      traps.push({ side, name, take: (frame, exchange) => resolve(take(frame, exchange)) });
    });

  const proxy = await startTcpProxy(target, relayOf);
  return {
    ...proxy,
    requests: () => requests,
    roundTrips: () => roundTrips,
    bytes: () => bytes,
    startCounting() {
      proxy.startCounting();
      requests = [];
      [roundTrips, bytes] = [0, 0];
      isAnswered = true;
    },
    passed: (name) => trap('request', name, (frame, { server }) => void server.write(frame)),
    holdRequest: (name) =>
      trap('request', name, (frame, { server, waiting }) => {
        const answered = new Promise<void>((resolve) => waiting.set(frame.readInt32BE(8), resolve));
        return {
          release() {
            server.write(frame);
            return answered;
          },
        };
      }),
    holdAnswer: (name) =>
      trap('answer', name, (frame, { client }) => ({
        release: () => new Promise((resolve) => client.write(frame, () => resolve())),
      })),
    hangUpOnAnswer: (name) => trap('answer', name, (_, { client }) => void client.destroy()),
  };
}
