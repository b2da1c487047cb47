import { BoundedMap } from '../../bounded-map.ts';
import { NONE } from '../error-codes.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';
import { type KnownTopic, learn } from './learn-topic.ts';

const MAX_TOPICS = 10_000;

/** What the cluster's metadata has said about topics, by name. Above the limit, forgets topics that were not asked for the longest. */
export class RememberedTopics {
  readonly #topics = new BoundedMap<string, KnownTopic>(MAX_TOPICS);
  readonly #maxAgeMs: number;

  /** @param maxAgeMs age at which metadata should be refreshed, in milliseconds */
  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  of(name: string): KnownTopic | undefined {
    return this.#topics.get(name);
  }

  /** False if it is old, or holds an error. */
  isFresh({ error, asOf }: KnownTopic): boolean {
    return error === NONE && Date.now() - asOf < this.#maxAgeMs;
  }

  /**
   * Remembers all topics of an answer: the caller looks here next. If a later request was answered sooner, its answer stays.
   *
   * @param asked when the metadata was asked for, in Unix milliseconds
   */
  learn(topics: readonly TopicMetadata[], asked: number): void {
    // All of them before the first is set: that may drop what is known of another.
    const learned = topics.map((topic) => {
      const known = this.of(topic.name);
      return known === undefined || known.asOf <= asked ? learn(known, topic, asked) : known;
    });
    this.#topics.bound = Math.max(MAX_TOPICS, topics.length);
    for (const [i, { name }] of topics.entries()) this.#topics.set(name, learned[i]);
  }

  /** Why metadata of topics is asked for, as far as what is remembered tells. Call it before the answer is learned. */
  whyAsked(names: readonly string[]): string {
    if (names.length === 0) return 'the brokers are wanted';
    for (const name of names) {
      const known = this.of(name);
      if (known === undefined) return 'a topic is not known';
      if (known.error !== NONE) return `a topic had the error ${known.error}`;
      if (!this.isFresh(known)) return 'what is known of a topic is old';
    }
    return 'what is known of a topic is in doubt';
  }
}
