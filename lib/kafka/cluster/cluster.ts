import { log } from '../../telemetry/log.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { type Metadata, metadataFrom, NO_EPOCH } from '../protocol/metadata.ts';
import { BrokerConnections, type BrokerSettings } from './broker-connections.ts';
import type { KnownTopic } from './learn-topic.ts';
import { RememberedTopics } from './remembered-topics.ts';

export interface ClusterSettings extends BrokerSettings {
  /** Age at which a topic's metadata is refreshed. */
  metadataMaxAgeMs: number;
}

/** How many topics a log line names. */
const MOST_SHOWN = 20;

/** Asks a broker for topics by name, and for their ids. */
export type AskForTopics = (connection: BrokerConnection, topics: readonly string[], timeoutMs: number) => Promise<Metadata>;

/** The brokers of a cluster, and what its metadata says of topics: the leaders of partitions. Replaces kafkajs's `Cluster`. */
export class Cluster extends BrokerConnections {
  readonly #topics: RememberedTopics;
  readonly #refreshing = new Map<string, { since: number; answer: Promise<Metadata> }>();

  constructor(settings: ClusterSettings) {
    super(settings);
    this.#topics = new RememberedTopics(settings.metadataMaxAgeMs);
  }

  /** What is remembered of a topic, without a request. */
  known(topic: string): KnownTopic | undefined {
    return this.#topics.of(topic);
  }

  /** The epoch of a partition's leader in what is remembered; {@link NO_EPOCH} if it is unknown. */
  leaderEpochOf(topic: string, partition: number): number {
    return this.#topics.of(topic)?.leaderEpochs.get(partition) ?? NO_EPOCH;
  }

  /** False when the topic's metadata should be refreshed: it is old, or holds an error. */
  isFresh(known: KnownTopic): boolean {
    return this.#topics.isFresh(known);
  }

  /**
   * Refreshes the leaders of topics; callers that ask for the same topics at the same time share one request.
   *
   * @param newerThan a request from before this time is not shared (Unix milliseconds)
   * @param ask as in {@link Cluster.metadata}
   */
  async refresh(topics: readonly string[], newerThan = 0, ask: AskForTopics | null = null): Promise<void> {
    const key = `${ask === null ? '' : 'ids '}${topics.join()}`;
    let refreshing = this.#refreshing.get(key);
    if (refreshing === undefined || refreshing.since < newerThan) {
      const answer = this.metadata(topics, false, ask).finally(() => {
        if (this.#refreshing.get(key)?.answer === answer) this.#refreshing.delete(key);
      });
      refreshing = { since: Date.now(), answer };
      this.#refreshing.set(key, refreshing);
    }
    await refreshing.answer;
  }

  /**
   * Asks any broker for metadata of the named topics, or of all (null). Remembers the brokers, and the leaders of the named topics.
   *
   * @param mayCreate lets the broker create topics that do not exist, if it is set to do so
   * @param ask asks for topics by name, instead of the usual request
   */
  async metadata(topics: readonly string[] | null, mayCreate = false, ask: AskForTopics | null = null): Promise<Metadata> {
    const connection = await this.anyBroker();
    const asked = Date.now();
    const isUsual = ask === null || topics === null;
    const answer = await this.learnFrom(connection, (timeoutMs) =>
      isUsual ? connection.send(metadataFrom(connection, topics, mayCreate), timeoutMs) : ask(connection, topics, timeoutMs),
    );
    log.debug('metadata_refreshed', 'A broker sent metadata of the cluster', () => ({
      reason: topics === null ? 'all topics are wanted' : this.#topics.whyAsked(topics),
      broker: connection.address,
      brokers: answer.brokers.map(({ id, host, port }) => `${id} ${host}:${port}`),
      topics: answer.topics.slice(0, MOST_SHOWN).map(({ name }) => name),
      topicCount: answer.topics.length,
    }));
    if (topics !== null) this.#topics.learn(answer.topics, asked);
    return answer;
  }
}
