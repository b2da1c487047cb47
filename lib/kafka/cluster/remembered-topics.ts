import { NONE } from '../error-codes.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';
import { type KnownTopic, learn } from './learn-topic.ts';

const MAX_TOPICS = 10_000;

/** What a cluster's metadata have said of topics, by their names. Those are forgotten that were not asked for the longest. */
export class RememberedTopics {
  readonly #topics = new Map<string, KnownTopic>();
  readonly #maxAgeMs: number;

  /** @param maxAgeMs how old metadata may become before they are worth asking for again, in milliseconds */
  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  of(name: string): KnownTopic | undefined {
    return this.#topics.get(name);
  }

  /** False for what is old, or tells of a failure. */
  isFresh({ error, asOf }: KnownTopic): boolean {
    return error === NONE && Date.now() - asOf < this.#maxAgeMs;
  }

  /**
   * Remembers what metadata say, all of it: whoever asked looks here next. What was asked for later, and answered sooner, is newer.
   *
   * @param asked when they were asked for, in Unix milliseconds
   */
  learn(topics: readonly TopicMetadata[], asked: number): void {
    for (const topic of topics) {
      const known = this.of(topic.name);
      this.#topics.delete(topic.name); // so that it comes last
      this.#topics.set(topic.name, known === undefined || known.asOf <= asked ? learn(known, topic, asked) : known);
    }
    const most = Math.max(MAX_TOPICS, topics.length);
    for (const name of this.#topics.keys()) {
      if (this.#topics.size <= most) break;
      this.#topics.delete(name);
    }
  }

  /** Why metadata of topics are asked for, as far as can be told from what is remembered before they come. */
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
