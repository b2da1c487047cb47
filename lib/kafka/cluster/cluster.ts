import type { CredentialSource } from '../../credentials/credential-source.ts';
import type { GatewayError } from '../../errors.ts';
import { log } from '../../telemetry/log.ts';
import type { ConnectionCredentials } from '../connection/authentication/credentials.ts';
import { BrokerConnection, type ConnectionSettings } from '../connection/connection.ts';
import { protocolMismatch } from '../connection/protocol-mismatch.ts';
import { NONE } from '../error-codes.ts';
import { connectionError, isCredentialRefusal, isFinal, isTlsRefusal, isUserRefusal } from '../failures.ts';
import { type Metadata, metadata } from '../protocol/metadata.ts';
import { type KnownTopic, learn } from './learn-topic.ts';

export interface ClusterSettings extends ConnectionSettings {
  /** `host:port` each. */
  bootstrapServers: readonly string[];
  /** Null where the cluster wants none. */
  credentials: CredentialSource<ConnectionCredentials> | null;
  /** What it is to a client that Kafka refuses the user of `credentials`; the operator's to mend, unless it is a caller's own. */
  onUserRefusal?: (cause: unknown) => GatewayError;
  /** A connection unused for longer is replaced: brokers and network devices drop idle ones, unseen by a frozen process. */
  maxIdleMs: number;
  /** Age at which a topic's leaders are asked for again. */
  metadataMaxAgeMs: number;
}

const METADATA_MS = 2000;
/** How long a broker that was silent is asked last. */
const SUSPECT_MS = 10_000;
const MAX_TOPICS = 10_000;
/** How many topics a line of the log names. */
const MOST_SHOWN = 20;
/** The id of a cluster that says none. */
const UNNAMED = 'kafka';
/** How often refused credentials are renewed for one connection: new ones may come before the broker knows of them. */
const RENEWALS = 2;

/** Who leads what, and one warm connection to each broker that is asked. Takes the place of kafkajs's `Cluster`. */
export class Cluster {
  readonly #settings: ClusterSettings;
  readonly #topics = new Map<string, KnownTopic>();
  readonly #refreshing = new Map<string, { since: number; answer: Promise<Metadata> }>();
  readonly #connections = new Map<string, BrokerConnection>();
  readonly #opening = new Map<string, Promise<BrokerConnection>>();
  readonly #suspects = new Map<string, number>();
  #brokers = new Map<number, string>();
  #id: string | null = null;
  /** Whether a broker ever answered more than its versions, which it tells everyone. */
  #answered = false;
  #accepted = false;
  #retired = false;

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
  }

  /** What Kafka calls the cluster; null before it was first asked for metadata. */
  get id(): string | null {
    return this.#id;
  }

  /** True once Kafka has accepted the credentials. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /**
   * The connection to a broker: the warm one, or a new one, which is opened once however many ask for it. One connection serves
   * all, but for requests that come while a long poll keeps it waiting: they get another.
   *
   * @throws {GatewayError} KafkaUnavailable or KafkaAuthentication
   */
  connection(address: string): BrokerConnection | Promise<BrokerConnection> {
    for (let spare = 0; ; spare++) {
      const key = spare === 0 ? address : `${address} ${spare}`;
      const known = this.#connections.get(key);
      if (known?.open && known.waiting) continue;
      if (known?.open) {
        if (known.idleMs < this.#settings.maxIdleMs) return known;
        known.close(new Error(`it was idle for ${known.idleMs} ms`));
      }
      let opening = this.#opening.get(key);
      if (opening === undefined) {
        if (known !== undefined) {
          log.debug('connection_replaced', 'A broker gets a new connection', () => ({
            broker: address,
            reason: known.endedBy ?? 'the broker hung up',
          }));
        }
        opening = this.#open(key, address, RENEWALS).finally(() => this.#opening.delete(key));
        this.#opening.set(key, opening);
      }
      return opening;
    }
  }

  async #open(key: string, address: string, renewals: number): Promise<BrokerConnection> {
    const source = this.#settings.credentials;
    const credentials = (await source?.current()) ?? null;
    // Work that its request no longer waits for must not connect again what was closed.
    if (this.#retired) throw connectionError(new Error('the client was closed'));
    const connection = new BrokerConnection(address, this.#settings, credentials);
    this.#connections.set(key, connection);
    try {
      await connection.connect();
      this.#accepted = true;
      return connection;
    } catch (cause) {
      const { onUserRefusal } = this.#settings;
      if (onUserRefusal && isUserRefusal(cause)) throw onUserRefusal(cause);
      const mayRenew = source !== null && credentials !== null && renewals > 0 && isRefusal(cause, credentials);
      if (mayRenew && (await source.renew(credentials))) return this.#open(key, address, renewals - 1);
      this.suspect(address);
      throw await this.#failure(connection, cause);
    }
  }

  /** A broker that hangs up may be on its way up or down; before one ever answered, it may speak another protocol than we do. */
  async #failure({ address, usesSasl }: BrokerConnection, cause: unknown): Promise<GatewayError> {
    const mismatch = this.#answered ? null : await protocolMismatch(address, this.#settings, cause, usesSasl);
    return mismatch ?? connectionError(cause);
  }

  /** The connection to a broker by its id, as metadata named it. */
  connectionTo(broker: number): BrokerConnection | Promise<BrokerConnection> {
    const address = this.#brokers.get(broker);
    if (address === undefined) throw connectionError(new Error(`broker ${broker} is not in the metadata`));
    return this.connection(address);
  }

  /** A broker that is likely to answer: connected ones first, suspects last, else at random. */
  async anyBroker(): Promise<BrokerConnection> {
    const rank = (address: string): number => (this.#isSuspect(address) ? 2 : this.#connections.get(address)?.open ? 0 : 1);
    const addresses = [...new Set([...this.#brokers.values(), ...this.#settings.bootstrapServers])]
      .map((address) => ({ address, order: rank(address) + Math.random() }))
      .sort((a, b) => a.order - b.order);
    let failure = connectionError(new Error('no bootstrap server is configured'));
    for (const { address } of addresses) {
      try {
        return await this.connection(address);
      } catch (error) {
        failure = connectionError(error);
        if (isFinal(failure)) break;
      }
    }
    throw failure;
  }

  /**
   * Remembers that a broker was silent or unreachable, so that others are asked first. After silence other connections are in doubt
   * as well, as it may be this process that was away: those that have proved nothing since are replaced when they are next used.
   */
  suspect(address: string): void {
    this.#suspects.set(address, Date.now() + SUSPECT_MS);
    const since = this.#connections.get(address)?.silentSince ?? null;
    if (since === null) return;
    for (const connection of this.#connections.values()) {
      if (connection.unprovenSince(since)) connection.close(new Error(`it has proved nothing since ${address} was silent`));
    }
  }

  trust(address: string): void {
    if (this.#suspects.size > 0) this.#suspects.delete(address);
  }

  isSuspect(broker: number): boolean {
    return this.#suspects.size > 0 && this.#isSuspect(this.#brokers.get(broker) ?? '');
  }

  #isSuspect(address: string): boolean {
    return (this.#suspects.get(address) ?? 0) > Date.now();
  }

  /** What is known of a topic, without asking. */
  known(topic: string): KnownTopic | undefined {
    return this.#topics.get(topic);
  }

  /** False when the topic is worth asking for again: its metadata is old, or tells of a failure. */
  isFresh({ error, asOf }: KnownTopic): boolean {
    return error === NONE && Date.now() - asOf < this.#settings.metadataMaxAgeMs;
  }

  /**
   * Asks for the leaders of topics again; those who ask for the same at the same time share one request.
   *
   * @param newerThan what was asked for before this time does not do (Unix milliseconds)
   */
  async refresh(topics: readonly string[], newerThan = 0): Promise<void> {
    const key = topics.join();
    let refreshing = this.#refreshing.get(key);
    if (refreshing === undefined || refreshing.since < newerThan) {
      const answer = this.metadata(topics).finally(() => {
        if (this.#refreshing.get(key)?.answer === answer) this.#refreshing.delete(key);
      });
      refreshing = { since: Date.now(), answer };
      this.#refreshing.set(key, refreshing);
    }
    await refreshing.answer;
  }

  /** Asks any broker for metadata of the topics named, or of all (null), and remembers brokers and leaders. */
  async metadata(topics: readonly string[] | null): Promise<Metadata> {
    const connection = await this.anyBroker();
    const asked = Date.now();
    let answer: Metadata;
    try {
      answer = await connection.send(metadata(topics), METADATA_MS);
    } catch (cause) {
      this.suspect(connection.address);
      throw await this.#failure(connection, cause);
    }
    this.#answered = true;
    this.#id = answer.clusterId ?? UNNAMED;
    this.trust(connection.address);
    log.debug('metadata_refreshed', 'A broker told of the cluster', () => ({
      reason: this.#whyAsked(topics),
      broker: connection.address,
      brokers: answer.brokers.map(({ id, host, port }) => `${id} ${host}:${port}`),
      topics: answer.topics.slice(0, MOST_SHOWN).map(({ name }) => name),
      topicCount: answer.topics.length,
    }));
    // A stopped broker is no longer listed, but may still be named as a leader.
    this.#brokers = new Map([...this.#brokers, ...answer.brokers.map(({ id, host, port }) => [id, `${host}:${port}`] as const)]);
    if (topics !== null) this.#remember(answer, asked);
    return answer;
  }

  /** Why metadata was asked for, by what is known before its answer. */
  #whyAsked(topics: readonly string[] | null): string {
    if (topics === null) return 'all topics are wanted';
    if (topics.length === 0) return 'the brokers are wanted';
    for (const topic of topics) {
      const known = this.known(topic);
      if (known === undefined) return 'a topic is not known';
      if (known.error !== NONE) return `a topic had the error ${known.error}`;
      if (!this.isFresh(known)) return 'what is known of a topic is old';
    }
    return 'what is known of a topic is in doubt';
  }

  /** What was asked for later, and answered sooner, is newer. */
  #remember({ topics }: Metadata, asked: number): void {
    for (const topic of topics) {
      const known = this.#topics.get(topic.name);
      if (known === undefined || known.asOf <= asked) this.#topics.set(topic.name, learn(known, topic, asked));
    }
    for (const name of this.#topics.keys()) {
      if (this.#topics.size <= MAX_TOPICS) break;
      this.#topics.delete(name);
    }
  }

  /** Closes every connection; requests under way fail. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close(new Error('the client was closed'));
    this.#connections.clear();
  }

  /** Closes every connection for good: none is opened any more. */
  retire(): void {
    this.#retired = true;
    this.close();
  }
}

/** A certificate that expired or was revoked is refused in the TLS handshake already. */
const isRefusal = (cause: unknown, { certificate }: ConnectionCredentials): boolean =>
  isCredentialRefusal(cause) || (certificate !== null && isTlsRefusal(cause));
