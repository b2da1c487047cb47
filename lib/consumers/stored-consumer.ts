import { knownTopics } from '../kafka/cluster/known-topics.ts';
import { kafkaError } from '../kafka/error-codes.ts';
import type {
  Consumer,
  ConsumerOptions,
  Place,
  PlaceCommit,
  PollOptions,
  ReadRecords,
  SeekTarget,
  Subscription,
} from '../kafka/groups/membership/coordinator.ts';
import { mustBeFree, mustOwn, topicsThere } from '../kafka/groups/membership/places.ts';
import { ownRow, without } from '../kafka/groups/membership/row.ts';
import { type Arrival, isArrivedBefore, termAfter } from '../kafka/groups/membership/term.ts';
import { resolvePositions } from '../kafka/groups/positions.ts';
import { readableTopics } from '../kafka/topics/authorized-operations.ts';
import { exclusive, groupTooLarge, movedMeanwhile } from '../messages/consumers.ts';
import { MOST_BYTES } from './group-item.ts';
import { kafkaRows, mustHaveNoKafkaMembers } from './kafka-offsets.ts';
import { learn } from './learn.ts';
import { commitHandedOut } from './settle.ts';
import type { StoredMember } from './stored-group.ts';
import { StoredPoll } from './stored-poll.ts';
import { type StoredStanding, subscriptionOf } from './stored-standing.ts';
import { look } from './topics-now.ts';

/** About this much is kept for a partition that is read. */
const BYTES_OF_PARTITION = 100;
const TOPIC_AUTHORIZATION_FAILED = 29;

/** A consumer in the item of its group. Each of its actions is one write of the item, made on the newest version. */
export class StoredConsumer implements Consumer {
  readonly name: string;
  readonly #standing: StoredStanding;
  readonly #arrival: Arrival;
  readonly #asCaller: boolean;

  constructor(standing: StoredStanding, arrival: Arrival, asCaller: boolean) {
    this.name = standing.name;
    this.#standing = standing;
    this.#arrival = arrival;
    this.#asCaller = asCaller;
  }

  get createdAt(): number {
    return this.#standing.createdAt;
  }

  get options(): ConsumerOptions {
    return this.#standing.options;
  }

  get subscription(): Subscription | null {
    return this.#standing.subscription;
  }

  get partitions(): readonly Place[] {
    return this.#standing.partitions;
  }

  async subscribe(subscription: Subscription | null): Promise<void> {
    const { cluster, group, deadline } = this.#standing.item;
    const { topics, pattern } = { topics: [], pattern: '', ...subscription };
    const since = Date.now();
    if (subscription !== null) {
      await Promise.all([mustHaveNoKafkaMembers(cluster, group, deadline), this.#mustMayRead(topics)]);
    }
    await this.#standing.change(async (stored, member) => {
      const isByHand = subscriptionOf(member) === null && stored.placesOf(member).length > 0;
      if (isByHand && subscription !== null) throw exclusive();
      if (isByHand) stored.release(this.#standing.reader);
      if (this.options.autoCommit) commitHandedOut(stored, member, member.owned);
      const subscribed = { ...this.#moved(member), topics, pattern };
      stored.members.set(this.name, subscribed);
      await this.#standing.settle(stored, await this.#standing.topicsNow(stored, subscribed, since), null);
      if (stored.countSubscribed() * BYTES_OF_PARTITION > MOST_BYTES) throw groupTooLarge(MOST_BYTES);
      return true;
    });
  }

  async assign(places: readonly Place[]): Promise<void> {
    const { cluster, group, deadline } = this.#standing.item;
    if (this.subscription !== null) throw exclusive();
    const since = Date.now();
    const seen = await look(cluster, [...new Set(places.map(({ topic }) => topic))], deadline, since);
    const topics = await topicsThere(cluster, places, deadline, since);
    const [kafka] = await Promise.all([
      places.length === 0 ? null : kafkaRows(cluster, group, places, deadline),
      this.#mustMayRead(topics),
      places.length === 0 ? null : mustHaveNoKafkaMembers(cluster, group, deadline),
    ]);
    await this.#standing.change((stored, member, now) => {
      if (subscriptionOf(member) !== null) throw exclusive();
      stored.members.set(this.name, this.#moved(member));
      learn(stored, seen);
      mustBeFree(places, (place) => stored.of(place), this.#standing.reader, stored.readers(now));
      for (const place of without(stored.placesOf(member), places)) stored.put({ ...stored.of(place), reader: '', byHand: false });
      for (const place of places) {
        if (stored.lacks(place) && kafka !== null) stored.begin(kafka.of(place));
        const row = stored.of(place);
        stored.put({ ...ownRow(row, this.#standing.reader), byHand: true });
      }
      return true;
    });
  }

  async commit(offsets: readonly PlaceCommit[] | null): Promise<void> {
    await this.#mustMayRead([...new Set((offsets ?? []).map(({ topic }) => topic))]);
    const seen = await this.#standing.ownTopics();
    await this.#standing.change((stored, member) => {
      learn(stored, seen);
      const own = stored.placesOf(member);
      mustOwn(own, offsets ?? []);
      if (offsets === null && this.#isOvertaken(member)) throw movedMeanwhile();
      if (offsets === null) commitHandedOut(stored, member, own);
      for (const { topic, partition, offset, metadata } of offsets ?? []) {
        const row = ownRow(stored.of({ topic, partition }), this.#standing.reader);
        stored.put({ ...row, position: row.position ?? offset, committed: offset, metadata });
      }
      return true;
    });
  }

  async seek(targets: readonly SeekTarget[]): Promise<void> {
    mustOwn(this.partitions, targets);
    const wanted = targets.map(({ topic, partition, to }) => ({ topic, partition, at: to, metadata: null }));
    const { cluster, deadline } = this.#standing.item;
    const [seen, found] = await Promise.all([this.#standing.ownTopics(Date.now()), resolvePositions(cluster, wanted, deadline)]);
    await this.#standing.change((stored, member) => {
      learn(stored, seen);
      mustOwn(stored.placesOf(member), targets);
      if (this.#isOvertaken(member)) throw movedMeanwhile();
      stored.members.set(this.name, this.#moved(member));
      for (const { topic, partition, offset } of found) {
        const row = ownRow(stored.of({ topic, partition }), this.#standing.reader);
        stored.put({ ...row, position: offset, replay: null, byHand: subscriptionOf(member) === null });
      }
      return true;
    });
  }

  async leave(): Promise<void> {
    const seen = await this.#standing.ownTopics(Date.now());
    await this.#standing.change((stored, member) => {
      learn(stored, seen);
      // Nobody may have received what a poll that arrived later has handed out.
      if (this.options.autoCommit && !this.#isOvertaken(member)) commitHandedOut(stored, member, stored.placesOf(member));
      stored.release(this.#standing.reader);
      stored.members.delete(this.name);
      return true;
    });
  }

  poll<Answer>(asked: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null> {
    return new StoredPoll(this.#standing, asked, read).run();
  }

  /** Whether a request that arrived later has moved the consumer: the client of this one waits for it no longer. */
  #isOvertaken({ term }: StoredMember): boolean {
    return isArrivedBefore(this.#arrival, term);
  }

  #moved(member: StoredMember): StoredMember {
    return { ...member, term: termAfter(member.term, this.#arrival.since) };
  }

  /** @throws {GatewayError} Forbidden for an existing topic that the caller may not read in Kafka */
  async #mustMayRead(topics: readonly string[]): Promise<void> {
    if (!this.#asCaller || topics.length === 0) return;
    const { cluster, deadline } = this.#standing.item;
    const there = [...(await knownTopics(cluster, topics, deadline)).keys()];
    const readable = await readableTopics(cluster, there, deadline);
    const refused = there.find((topic) => !readable.has(topic));
    if (refused !== undefined) throw kafkaError(TOPIC_AUTHORIZATION_FAILED, `It is about the topic ${refused}`);
  }
}
