import type { CredentialSource } from '../../credentials/credential-source.ts';
import { LONGEST_REQUEST_MS } from '../../deadline.ts';
import type { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { ConnectionCredentials } from '../connection/authentication/credentials.ts';
import { BrokerConnection, type ConnectionSettings } from '../connection/connection.ts';
import { protocolMismatch } from '../connection/protocol-mismatch.ts';
import { connectionError, isCredentialRefusal, isFinal, isTlsRefusal, isUserRefusal, MovedCluster, RetiredCluster } from '../failures.ts';
import { type Metadata, metadata } from '../protocol/metadata.ts';
import { KnownBrokers } from './known-brokers.ts';
import { Suspects } from './suspects.ts';

/** How to reach the brokers of a cluster. */
export interface BrokerSettings extends ConnectionSettings {
  /** `host:port` each. */
  bootstrapServers: readonly string[];
  /** Null if the cluster wants none. */
  credentials: CredentialSource<ConnectionCredentials> | null;
  /** The client's error when Kafka refuses the user of `credentials`. Set it where they are the caller's own, not the operator's. */
  onUserRefusal?: (cause: unknown) => GatewayError;
  /** A connection that was idle for longer is replaced: brokers and network devices drop it, and a frozen process does not notice. */
  maxIdleMs: number;
}

const METADATA_MS = 2000;
/** The id of a cluster that reports none. */
const UNNAMED = 'kafka';
/** How often refused credentials are renewed for one connection: new ones may arrive before the broker knows them. */
const RENEWALS = 2;

/**
 * What a connection is for. A broker answers the requests of a connection in their order, so a poll gets a connection to itself. Quotas
 * mute connections: requests that move data wait for that, all others get another connection.
 */
export type Use = 'any' | 'data' | 'poll';

/** An address of one of our brokers now belongs to another cluster. */
class OtherCluster extends Error {}

interface Opening {
  connection: Promise<BrokerConnection>;
  /** True when the connection is for a poll. */
  taken: boolean;
}

/** The brokers of a cluster, and one warm connection to each broker in use. */
export class BrokerConnections {
  readonly #settings: BrokerSettings;
  readonly #connections = new Map<string, BrokerConnection>();
  /** Connections with one owner each. */
  readonly #alone = new Set<BrokerConnection>();
  readonly #opening = new Map<string, Opening>();
  readonly #suspects = new Suspects();
  readonly #brokers = new KnownBrokers();
  #id: string | null = null;
  /** Whether a broker has ever answered more than its versions, which it tells even strangers. */
  #answered = false;
  #accepted = false;
  #retiredBy: Error | null = null;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
  }

  /** Kafka's id of the cluster; null before the first metadata. */
  get id(): string | null {
    return this.#id;
  }

  /** The ids of the brokers that metadata has named. */
  get brokerIds(): number[] {
    return this.#brokers.ids;
  }

  /** True once Kafka has accepted the credentials. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** True when the bootstrap servers now belong to another cluster: a new object must replace this one. */
  get moved(): boolean {
    return this.#retiredBy instanceof MovedCluster;
  }

  /**
   * The connection to a broker: the warm one, or a new one, which is opened once however many callers ask for it. All requests share
   * one connection, except those that would wait behind a long poll, or for a quota that is not theirs: they get another one. While
   * a caller waits for the opening, another caller may begin to poll on it: ask again while the connection is `waiting`.
   *
   * @throws {GatewayError} KafkaUnavailable or KafkaAuthentication
   */
  connection(address: string, use: Use = 'any'): BrokerConnection | Promise<BrokerConnection> {
    let muted = 0;
    for (let spare = 0; ; spare++) {
      const key = keyOf(address, spare);
      const known = this.#connections.get(key);
      if (known?.open && (known.waiting || (use === 'any' && known.muted && muted++ === 0))) continue;
      if (known?.open) {
        if (known.idleMs < this.#settings.maxIdleMs) return known;
        known.close(new Error(`it was idle for ${known.idleMs} ms`));
      }
      let opening = this.#opening.get(key);
      if (opening?.taken) continue;
      if (opening === undefined) {
        if (known !== undefined) {
          log.debug('connection_replaced', 'A broker gets a new connection', () => ({
            broker: address,
            reason: known.endedBy ?? 'the broker hung up',
          }));
        }
        const keep = (opened: BrokerConnection) => this.#connections.set(key, opened);
        opening = { connection: this.#open(address, keep, RENEWALS).finally(() => this.#opening.delete(key)), taken: false };
        this.#opening.set(key, opening);
      }
      opening.taken = use === 'poll';
      return opening.connection;
    }
  }

  async #open(address: string, keep: (opened: BrokerConnection) => void, renewals: number): Promise<BrokerConnection> {
    const source = this.#settings.credentials;
    const credentials = (await source?.current()) ?? null;
    // This may run for a request that has given up since: it must not reopen what was closed.
    if (this.#retiredBy) throw connectionError(this.#retiredBy);
    const connection = new BrokerConnection(address, this.#settings, credentials);
    keep(connection);
    try {
      await connection.connect();
      this.#accepted = true;
      if (this.#id !== null && !this.#brokers.isSure(address)) this.#heed(await connection.send(metadata([]), METADATA_MS), connection);
      return connection;
    } catch (cause) {
      const { onUserRefusal } = this.#settings;
      if (onUserRefusal && isUserRefusal(cause)) throw onUserRefusal(cause);
      const mayRenew = source !== null && credentials !== null && renewals > 0 && isRefusal(cause, credentials);
      if (mayRenew && (await source.renew(credentials))) return this.#open(address, keep, renewals - 1);
      this.suspect(address);
      throw await this.#failure(connection, cause);
    }
  }

  /** A broker that hangs up may be starting or stopping. Until one has answered, it may also speak another protocol than we do. */
  async #failure({ address, usesSasl }: BrokerConnection, cause: unknown): Promise<GatewayError> {
    const mismatch = this.#answered ? null : await protocolMismatch(address, this.#settings, cause, usesSasl);
    return mismatch ?? connectionError(cause);
  }

  /** True when metadata has named a broker. */
  knows(broker: number): boolean {
    return this.#brokers.addressOf(broker) !== undefined;
  }

  /** The connection to a broker by its id in the metadata. */
  connectionTo(broker: number, use?: Use): BrokerConnection | Promise<BrokerConnection> {
    return this.connection(this.#addressOf(broker), use);
  }

  #addressOf(broker: number): string {
    const address = this.#brokers.addressOf(broker);
    if (address === undefined) throw connectionError(new Error(`broker ${broker} is not in the metadata`));
    return address;
  }

  /**
   * Opens a connection to a broker for its caller alone: nobody else gets it, and the silence of another broker does not end it. The
   * caller closes it; the cluster closes it when the cluster itself is closed, or when the broker leaves.
   *
   * @throws {GatewayError} KafkaUnavailable or KafkaAuthentication
   */
  openAlone(broker: number): Promise<BrokerConnection> {
    for (const opened of this.#alone) if (opened.closed) this.#alone.delete(opened);
    return this.#open(this.#addressOf(broker), (opened) => this.#alone.add(opened), RENEWALS);
  }

  /** True while a connection is open and was not idle for so long that a broker or a network device may have dropped it unnoticed. */
  isWarm(connection: BrokerConnection): boolean {
    return connection.open && connection.idleMs < this.#settings.maxIdleMs;
  }

  /**
   * A broker that is likely to answer: connected ones first, then those that no quota keeps from reading, suspects last, equals in random
   * order.
   *
   * @throws {GatewayError} QuotaExceeded when a quota keeps them from reading for longer than a request may take; KafkaUnavailable …
   */
  async anyBroker(): Promise<BrokerConnection> {
    const rank = (address: string): number => {
      if (this.#suspects.has(address)) return 3;
      const [known, spare] = [0, 1].map((one) => this.#connections.get(keyOf(address, one)));
      if (known?.muted && spare?.muted) return 2;
      return known?.open ? 0 : 1;
    };
    const { bootstrapServers } = this.#settings;
    const addresses = [...new Set([...this.#brokers.addresses, ...bootstrapServers])]
      .map((address) => ({ address, order: rank(address) + Math.random() }))
      .sort((a, b) => a.order - b.order);
    let failure = connectionError(new Error('no bootstrap server is configured'));
    let hasMoved = false;
    for (const { address } of addresses) {
      try {
        const connection = await this.connection(address);
        connection.mustHearBefore(Date.now() + LONGEST_REQUEST_MS);
        return connection;
      } catch (error) {
        const one = connectionError(error);
        if (!isFinal(failure)) failure = one;
        hasMoved ||= one.cause instanceof OtherCluster && bootstrapServers.includes(address);
        // A certificate may be that of one broker, credentials are for all.
        if (isFinal(one) && !isTlsRefusal(one.cause)) break;
      }
    }
    // No broker of the cluster is left, and a bootstrap server now belongs to another cluster.
    if (hasMoved) {
      this.retire(new MovedCluster('the bootstrap servers are of another cluster by now'));
      throw connectionError(this.#retiredBy);
    }
    throw failure;
  }

  /**
   * Remembers that a broker was silent or unreachable, so that others are asked first. After a silence, it may be this process that was
   * away (frozen): closes all connections that have proved nothing since, so that their next use opens new ones.
   */
  suspect(address: string): void {
    this.#suspects.add(address);
    const since = this.#connections.get(address)?.silentSince ?? null;
    if (since === null) return;
    for (const connection of this.#connections.values()) {
      if (connection.unprovenSince(since)) connection.close(new Error(`it has proved nothing since ${address} was silent`));
    }
  }

  trust(address: string): void {
    this.#suspects.clear(address);
  }

  isSuspect(broker: number): boolean {
    return this.#suspects.has(this.#brokers.addressOf(broker) ?? '');
  }

  /**
   * Asks a broker for metadata, and remembers the brokers that it names.
   *
   * @throws {GatewayError} KafkaUnavailable or KafkaAuthentication
   */
  protected async learnFrom(connection: BrokerConnection, ask: (timeoutMs: number) => Promise<Metadata>): Promise<Metadata> {
    let answer: Metadata;
    try {
      answer = await ask(METADATA_MS);
    } catch (cause) {
      if (connection.closed) this.suspect(connection.address);
      throw await this.#failure(connection, cause);
    }
    this.#answered = true;
    this.#heed(answer, connection);
    this.trust(connection.address);
    return answer;
  }

  /**
   * Remembers the brokers that a broker names, and closes connections to brokers that have left the cluster.
   *
   * @throws {GatewayError} when the broker belongs to another cluster, which may have taken over an address of ours
   */
  #heed({ clusterId, brokers }: Metadata, connection: BrokerConnection): void {
    const id = clusterId ?? UNNAMED;
    if (this.#id !== null && this.#id !== id) {
      const { address } = connection;
      const cause = new OtherCluster(`broker ${address} is of another cluster by now`);
      connection.close(cause);
      this.suspect(address);
      this.#brokers.forget(address);
      throw connectionError(cause);
    }
    this.#id = id;
    this.#brokers.learn(brokers);
    const addresses = new Set([...this.#settings.bootstrapServers, ...this.#brokers.addresses]);
    for (const [key, known] of this.#connections) {
      if (addresses.has(known.address)) continue;
      this.#connections.delete(key);
      known.close(new Error('the broker has left the cluster'));
    }
    for (const known of this.#alone) if (!addresses.has(known.address)) known.close(new Error('the broker has left the cluster'));
  }

  /** Closes every connection; requests in flight fail. */
  close(): void {
    for (const connection of [...this.#connections.values(), ...this.#alone]) connection.close(new RetiredCluster('the client was closed'));
    this.#connections.clear();
    this.#alone.clear();
  }

  /** Closes every connection for good: none is opened again. */
  retire(cause: Error = new RetiredCluster('the client was closed')): void {
    this.#retiredBy ??= cause;
    this.close();
  }
}

/** @param spare 0 for the first connection to a broker; others are opened while that is busy */
const keyOf = (address: string, spare: number): string => (spare === 0 ? address : `${address} ${spare}`);

/** If a certificate has expired or was revoked, the TLS handshake already fails. */
const isRefusal = (cause: unknown, { certificate }: ConnectionCredentials): boolean =>
  isCredentialRefusal(cause) || (certificate !== null && isTlsRefusal(cause));
