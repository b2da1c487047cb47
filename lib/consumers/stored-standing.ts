import type { ConsumerOptions, Place, Subscription } from '../kafka/groups/membership/coordinator.ts';
import { readerOf } from '../kafka/groups/membership/member-id.ts';
import type { Rows } from '../kafka/groups/membership/row.ts';
import { consumerNotFound } from '../messages/consumers.ts';
import type { GroupItem, Reading } from './group-item.ts';
import { adopt, kafkaRows } from './kafka-offsets.ts';
import { learn } from './learn.ts';
import { mirror, noteMirrored } from './mirror.ts';
import { settle } from './settle.ts';
import { SESSION_MS, type StoredGroup, type StoredMember } from './stored-group.ts';
import { look, type TopicsNow, type TopicsSeen, topicsNow } from './topics-now.ts';

interface Identity {
  readonly name: string;
  /** Of the member: a consumer that is recreated under its name has another. */
  readonly id: string;
  readonly options: ConsumerOptions;
  /** When the request arrived that created it, in Unix milliseconds. */
  readonly createdAt: number;
}

/** A consumer in the item of its group, as last read or written, and how it changes the item. */
export class StoredStanding {
  readonly name: string;
  readonly options: ConsumerOptions;
  readonly createdAt: number;
  readonly reader: string;
  readonly item: GroupItem;
  reading: Reading;
  readonly #id: string;
  #kafka: Promise<Rows> | null = null;

  constructor(item: GroupItem, { name, id, options, createdAt }: Identity, reading: Reading) {
    this.item = item;
    this.#id = id;
    this.reader = readerOf(id);
    this.name = name;
    this.options = options;
    this.createdAt = createdAt;
    this.reading = reading;
  }

  get subscription(): Subscription | null {
    return subscriptionOf(this.memberIn(this.reading.group));
  }

  get partitions(): readonly Place[] {
    const { group } = this.reading;
    return group.placesOf(this.memberIn(group));
  }

  /** @throws {GatewayError} ConsumerNotFound */
  memberIn(group: StoredGroup): StoredMember {
    const member = group.members.get(this.name);
    if (member === undefined || member.id !== this.#id) throw consumerNotFound(this.name);
    return member;
  }

  /** What Kafka says about the topics of the group, including those of this member. */
  topicsNow(group: StoredGroup, member: StoredMember, newerThan?: number): Promise<TopicsNow> {
    return topicsNow(this.item.cluster, group, member, this.item.deadline, newerThan);
  }

  /** What Kafka says about the topics that the consumer reads, so that its actions do not affect recreated topics. */
  ownTopics(newerThan?: number): Promise<TopicsSeen> {
    const topics = new Set(this.partitions.map(({ topic }) => topic));
    return look(this.item.cluster, [...topics], this.item.deadline, newerThan);
  }

  /** Brings a group up to date, and begins new partitions at Kafka's commits. */
  async settle(group: StoredGroup, topics: TopicsNow, poll: string | null): Promise<void> {
    const now = Date.now();
    // What was committed in Kafka since then belongs to the topics that exist now.
    learn(group, topics);
    if (group.live(now).length === 0) adopt(group, await this.#inKafka());
    const gained = settle(group, this.name, topics, { now, autoCommit: this.options.autoCommit, poll });
    const lacking = gained.filter((place) => group.lacks(place));
    if (lacking.length === 0) return;
    const kafka = await this.#inKafka();
    for (const place of lacking) group.begin(kafka.of(place));
  }

  /** What the group has committed in Kafka, which is where it begins. */
  #inKafka(): Promise<Rows> {
    const { cluster, group, deadline } = this.item;
    this.#kafka ??= kafkaRows(cluster, group, null, deadline);
    return this.#kafka;
  }

  /**
   * Changes the group, and keeps the session alive.
   *
   * @param act null if nothing is to be written
   * @param ifGone called instead if the consumer no longer exists
   * @returns whether it was written
   */
  async change(
    act: (group: StoredGroup, member: StoredMember, now: number) => Promise<boolean | null> | boolean | null,
    ifGone?: () => null,
  ): Promise<boolean> {
    const { cluster, group: name, deadline } = this.item;
    const changed = async (group: StoredGroup, write: string): Promise<boolean | null> => {
      const now = Date.now();
      if (ifGone !== undefined && group.members.get(this.name)?.id !== this.#id) return ifGone();
      noteMirrored(cluster, name, group);
      const outcome = await act(group, this.memberIn(group), now);
      const member = group.members.get(this.name);
      if (member !== undefined) group.members.set(this.name, { ...member, until: Math.max(member.until, now + SESSION_MS), write });
      return outcome;
    };
    const isIn = (group: StoredGroup, write: string): boolean => group.members.get(this.name)?.write === write;
    const { reading, result } = await this.item.change(this.reading, changed, isIn);
    this.reading = reading;
    if (result !== null) await mirror(cluster, name, reading.group, deadline);
    return result !== null;
  }
}

export function subscriptionOf({ topics, pattern }: StoredMember): Subscription | null {
  if (topics.length > 0) return { topics };
  return pattern === '' ? null : { pattern };
}
