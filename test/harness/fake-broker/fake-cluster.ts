import { Cluster, type ClusterSettings } from '../../../lib/kafka/cluster/cluster.ts';
import { BrokerConnection } from '../../../lib/kafka/connection/connection.ts';
import type { Request } from '../../../lib/kafka/protocol/request.ts';
import { Reader } from '../../../lib/kafka/protocol/wire.ts';
import { keys, type MetadataContent, metadataAnswer, readMetadata } from './broker-side.ts';
import { clusterSettings } from './cluster-settings.ts';

/** A request, as a broker gets it. */
export interface Call {
  key: number;
  version: number;
  body: Buffer;
  /** How long the client waits for the response, in milliseconds. */
  timeoutMs: number;
  connection: FakeConnection;
}

/** Returns the bytes of a response; a rejection is a lost connection. */
export type Respond = (call: Call) => Buffer | Promise<Buffer>;

/** A broker that never answers. */
export const silence = (): Promise<Buffer> => new Promise(() => {});

/** A connection without a network. It times out and closes like a real one, by the test's clock. */
export class FakeConnection extends BrokerConnection {
  readonly #respond: Respond;
  readonly #lost = new Set<(cause: Error) => void>();
  #isClosed = false;
  /** The keys of requests that the broker does not support. */
  readonly unspoken: ReadonlySet<number>;

  constructor(address: string, respond: Respond, unspoken: ReadonlySet<number>) {
    super(address, { clientId: 'test', ssl: null }, null);
    this.unspoken = unspoken;
    this.#respond = respond;
  }

  override get closed(): boolean {
    return this.#isClosed;
  }

  override get open(): boolean {
    return !this.#isClosed;
  }

  override speaks(request: Request<unknown>): boolean {
    return !this.unspoken.has(request.key);
  }

  override async send<Answer>(request: Request<Answer>, longestMs: number, latest = Number.POSITIVE_INFINITY): Promise<Answer> {
    if (this.closed) throw new Error(`connection to ${this.address} is closed`);
    const version = request.versions.max;
    const timeoutMs = Math.max(0, Math.min(longestMs, latest - Date.now()));
    const call = { key: request.key, version, body: Buffer.concat(request.encode(version)), timeoutMs, connection: this };
    return request.decode(new Reader(await this.#answer(call)), version);
  }

  override async post(request: Request<unknown>): Promise<void> {
    if (this.closed) throw new Error(`connection to ${this.address} is closed`);
    const version = request.versions.max;
    await this.#respond({ key: request.key, version, body: Buffer.concat(request.encode(version)), timeoutMs: 0, connection: this });
  }

  override close(cause = new Error('connection closed')): void {
    this.#isClosed = true;
    for (const lost of this.#lost) lost(cause);
  }

  #answer(call: Call): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const lost = (cause: Error) => {
        clearTimeout(timer);
        this.#lost.delete(lost);
        reject(cause);
      };
      const silent = Object.assign(new Error('no answer in time'), { name: 'AnswerTimeout' });
      const timer = setTimeout(() => this.close(silent), call.timeoutMs);
      this.#lost.add(lost);
      const answering = async () => this.#respond(call);
      answering().then(
        (answer) => {
          clearTimeout(timer);
          this.#lost.delete(lost);
          if (!this.#isClosed) resolve(answer);
        },
        (cause: Error) => this.close(cause),
      );
    });
  }
}

/** Why a connection to a broker fails; null when it succeeds. */
export type Refusal = () => Error | null;

/**
 * A cluster without a network: brokers by address. Each has one connection at a time, and a new one after that was closed. Its knowledge of
 * topics and of suspect brokers is real.
 */
export class FakeCluster extends Cluster {
  readonly brokers: Map<string, Respond>;
  readonly refusals = new Map<string, Refusal>();
  /** Addresses in the order of the connections. */
  readonly opened: string[] = [];
  /** The keys of requests that its brokers do not support. */
  readonly unspoken = new Set<number>();
  readonly #warm = new Map<string, FakeConnection>();

  constructor(brokers: Record<string, Respond>, settings: Partial<ClusterSettings> = {}) {
    super(clusterSettings(Object.keys(brokers), settings));
    this.brokers = new Map(Object.entries(brokers));
  }

  override connection(address: string): FakeConnection | Promise<FakeConnection> {
    const warm = this.#warm.get(address);
    return warm?.open ? warm : this.#open(address);
  }

  override async openAlone(broker: number): Promise<FakeConnection> {
    const { address } = await this.connectionTo(broker);
    return this.#connect(address);
  }

  async #open(address: string): Promise<FakeConnection> {
    const refusal = this.refusals.get(address)?.() ?? null;
    if (refusal !== null) {
      this.suspect(address);
      throw refusal;
    }
    const connection = this.#connect(address);
    this.#warm.set(address, connection);
    return connection;
  }

  #connect(address: string): FakeConnection {
    this.opened.push(address);
    return new FakeConnection(address, (call) => (this.brokers.get(address) ?? silence)(call), this.unspoken);
  }
}

/** A topic whose partitions have these leaders, in order; -1 for a partition without a leader. */
export const topicOn = (name: string, ...leaders: number[]): NonNullable<MetadataContent['topics']>[number] => ({
  name,
  partitions: leaders.map((leader, id) => ({ id, leader, error: leader < 0 ? 5 : 0 })),
});

/** The brokers `broker-1:9092`, `broker-2:9092` … as metadata names them. */
export const brokersOf = (count: number) => Array.from({ length: count }, (_, i) => ({ id: i + 1, host: `broker-${i + 1}`, port: 9092 }));

/** Answers Metadata from `content`, with the requested topics, and passes all other requests to `others`. */
export const withMetadata =
  <Asked extends { key: number; version: number; body: Buffer }>(
    content: () => MetadataContent,
    others: (asked: Asked) => Buffer | Promise<Buffer>,
  ) =>
  (asked: Asked): Buffer | Promise<Buffer> => {
    if (asked.key !== keys.metadata) return others(asked);
    const { topics: names } = readMetadata(asked.body, asked.version);
    const { topics = [], ...rest } = content();
    const byName = new Map(topics.map((topic) => [topic.name, topic]));
    const found = names?.map((name) => byName.get(name) ?? { name, error: 3 });
    return metadataAnswer({ ...rest, topics: found ?? topics }, asked.version);
  };
