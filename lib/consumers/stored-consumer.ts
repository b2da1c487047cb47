import { sleep } from '../deadline.ts';
import { knownTopics } from '../kafka/cluster/known-topics.ts';
import { kafkaError } from '../kafka/error-codes.ts';
import {
  type Consumer,
  type ConsumerOptions,
  type HandedOut,
  type Place,
  type PlaceCommit,
  type PollOptions,
  type ReadRecords,
  type SeekTarget,
  type Subscription,
  type WantedRecords,
  waitOf,
} from '../kafka/groups/membership/coordinator.ts';
import { readerOf } from '../kafka/groups/membership/member-id.ts';
import { movedRow, movesOf } from '../kafka/groups/membership/moves.ts';
import { mustBeFree, mustOwn, topicsThere } from '../kafka/groups/membership/places.ts';
import { emptyRow, isMovedBy, pollKey, type Rows, without } from '../kafka/groups/membership/row.ts';
import { readFrom, wantedOf } from '../kafka/groups/membership/wanted.ts';
import { resolvePositions } from '../kafka/groups/positions.ts';
import { readableTopics } from '../kafka/topics/authorized-operations.ts';
import { consumerNotFound, exclusive, groupTooLarge, groupUnsettled, movedMeanwhile, nothingToRead } from '../messages/consumers.ts';
import { type GroupItem, MOST_BYTES, type Reading } from './group-item.ts';
import { adopt, kafkaRows, mustHaveNoKafkaMembers } from './kafka-offsets.ts';
import { mirror, noteMirrored } from './mirror.ts';
import { commitHandedOut, settle } from './settle.ts';
import { SESSION_MS, StoredGroup, type StoredMember } from './stored-group.ts';
import { type TopicsNow, topicsNow } from './topics-now.ts';

const MOST_TRIES = 4;
/** Kept from the wait, so that what comes of it can be settled before the deadline. */
const MARGIN_MS = 1000;
/** A poll that changes nothing leaves the session as it is while so much of it is left. */
const LEAST_LEFT_MS = SESSION_MS / 2;
/** What a session must last beyond the wait of a poll. */
const BEYOND_WAIT_MS = 5000;
/** How often a consumer that waits for partitions looks for them: at first, and at the longest. */
const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 1000;
/** What is kept of a partition that is read takes about so much. */
const BYTES_OF_PARTITION = 100;
const TOPIC_AUTHORIZATION_FAILED = 29;

interface Identity {
  readonly name: string;
  /** Of the member: a consumer that is created again under its name has another. */
  readonly id: string;
  readonly options: ConsumerOptions;
}

/** A consumer in the item of its group. All that it does is one write of the item, as it is when nobody comes in between. */
export class StoredConsumer implements Consumer {
  readonly name: string;
  readonly options: ConsumerOptions;
  readonly #id: string;
  readonly #reader: string;
  readonly #item: GroupItem;
  readonly #asCaller: boolean;
  #reading: Reading;
  #kafka: Promise<Rows> | null = null;

  constructor(item: GroupItem, { name, id, options }: Identity, reading: Reading, asCaller: boolean) {
    this.#item = item;
    this.#id = id;
    this.#reader = readerOf(id);
    this.name = name;
    this.options = options;
    this.#reading = reading;
    this.#asCaller = asCaller;
  }

  get subscription(): Subscription | null {
    return subscriptionOf(this.#mine(this.#reading.group));
  }

  get partitions(): readonly Place[] {
    const { group } = this.#reading;
    return group.placesOf(this.#mine(group));
  }

  async subscribe(subscription: Subscription | null): Promise<void> {
    const { cluster, group, deadline } = this.#item;
    const { topics, pattern } = { topics: [], pattern: '', ...subscription };
    const since = Date.now();
    if (subscription !== null) {
      await Promise.all([mustHaveNoKafkaMembers(cluster, group, deadline), this.#mustMayRead(topics)]);
    }
    await this.#change(async (stored, member) => {
      const isByHand = subscriptionOf(member) === null && stored.placesOf(member).length > 0;
      if (isByHand && subscription !== null) throw exclusive();
      if (isByHand) stored.release(this.#reader);
      if (this.options.autoCommit) commitHandedOut(stored, member, member.owned);
      const subscribed = { ...member, topics, pattern };
      stored.members.set(this.name, subscribed);
      await this.#settle(stored, await this.#topicsNow(stored, subscribed, since), null);
      const count = [...stored.topics.values()].reduce((sum, partitions) => sum + partitions, 0);
      if (count * BYTES_OF_PARTITION > MOST_BYTES) throw groupTooLarge(MOST_BYTES);
      return true;
    });
  }

  async assign(places: readonly Place[]): Promise<void> {
    const { cluster, group, deadline } = this.#item;
    if (this.subscription !== null) throw exclusive();
    const topics = await topicsThere(cluster, places, deadline);
    const [kafka] = await Promise.all([
      places.length === 0 ? null : kafkaRows(cluster, group, places, deadline),
      this.#mustMayRead(topics),
      places.length === 0 ? null : mustHaveNoKafkaMembers(cluster, group, deadline),
    ]);
    await this.#change((stored, member, now) => {
      if (subscriptionOf(member) !== null) throw exclusive();
      mustBeFree(places, (place) => stored.of(place), this.#reader, stored.readers(now));
      for (const place of without(stored.placesOf(member), places)) stored.put({ ...stored.of(place), reader: '', byHand: false });
      for (const place of places) {
        if (!stored.has(place) && kafka !== null) stored.putMirrored(kafka.of(place));
        const row = stored.of(place);
        const own = row.reader === this.#reader ? row : { ...row, reader: this.#reader, position: null, replay: null };
        stored.put({ ...own, byHand: true });
      }
      return true;
    });
  }

  async commit(offsets: readonly PlaceCommit[] | null): Promise<void> {
    await this.#mustMayRead([...new Set((offsets ?? []).map(({ topic }) => topic))]);
    await this.#change((stored, member) => {
      const own = stored.placesOf(member);
      mustOwn(own, offsets ?? []);
      if (offsets === null) commitHandedOut(stored, member, own);
      for (const { topic, partition, offset, metadata } of offsets ?? []) {
        const row = stored.of({ topic, partition });
        const isOurs = row.reader === this.#reader;
        const position = isOurs && row.position !== null ? row.position : offset;
        const own = { reader: this.#reader, position, replay: isOurs ? row.replay : null, byHand: isOurs && row.byHand };
        stored.put({ ...row, ...own, committed: offset, metadata });
      }
      return true;
    });
  }

  async seek(targets: readonly SeekTarget[]): Promise<void> {
    mustOwn(this.partitions, targets);
    const wanted = targets.map(({ topic, partition, to }) => ({ topic, partition, at: to, metadata: null }));
    const found = await resolvePositions(this.#item.cluster, wanted, this.#item.deadline);
    await this.#change((stored, member) => {
      mustOwn(stored.placesOf(member), targets);
      for (const { topic, partition, offset } of found) {
        const row = stored.of({ topic, partition });
        stored.put({ ...row, reader: this.#reader, position: offset, replay: null, byHand: subscriptionOf(member) === null });
      }
      return true;
    });
  }

  async leave(): Promise<void> {
    await this.#change((stored, member) => {
      if (this.options.autoCommit) commitHandedOut(stored, member, stored.placesOf(member));
      stored.release(this.#reader);
      stored.members.delete(this.name);
      return true;
    });
  }

  async poll<Answer>(asked: PollOptions, read: ReadRecords<Answer>): Promise<Answer | null> {
    if (this.subscription === null && this.partitions.length === 0) throw nothingToRead();
    const poll = asked.pollId === null ? null : pollKey(asked.pollId);
    const waitUntil = Math.min(Date.now() + waitOf(asked, this.options), this.#item.deadline - MARGIN_MS);
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const outcome = await this.#tryPoll(poll, waitUntil, read);
      if (outcome !== 'again') return outcome.answer;
    }
    throw groupUnsettled();
  }

  async #tryPoll<Answer>(poll: string | null, waitUntil: number, read: ReadRecords<Answer>): Promise<{ answer: Answer | null } | 'again'> {
    await this.#takeShare(poll, waitUntil);
    const { cluster, group, deadline } = this.#item;
    const before = this.#reading.group;
    const rows = this.partitions.map((place) => before.of(place));
    const { options } = this;
    const wanted = await wantedOf(cluster, rows, { reader: this.#reader, poll, waitUntil, options, deadline });
    const [handedOut] = await Promise.all([
      readFrom(cluster, wanted, { options, deadline }, read),
      mirror(cluster, group, before, deadline),
    ]);
    return this.#store(before, poll, wanted, handedOut);
  }

  /** Brings the group up to date; without partitions, it waits for some. */
  async #takeShare(poll: string | null, waitUntil: number): Promise<void> {
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_LOOK_MS)) {
      await this.#settleIfDue(poll, waitUntil);
      if (this.partitions.length > 0 || this.subscription === null || Date.now() + pauseMs >= waitUntil) return;
      await sleep(pauseMs);
      this.#reading = await this.#item.read();
    }
  }

  /** Writes nothing where the group is as it should be, and enough of the session is left. */
  async #settleIfDue(poll: string | null, waitUntil: number): Promise<void> {
    const { stored, group } = this.#reading;
    const member = this.#mine(group);
    const topics = await this.#topicsNow(group, member);
    const now = Date.now();
    const draft = new StoredGroup(stored.text);
    settle(draft, this.name, topics, { now, autoCommit: this.options.autoCommit, poll });
    draft.members.set(this.name, { ...this.#mine(draft), until: member.until });
    const isShort = member.until - now < Math.max(LEAST_LEFT_MS, waitUntil - now + BEYOND_WAIT_MS);
    if (!isShort && draft.toText() === group.toText()) return;
    await this.#change(async (changed) => {
      await this.#settle(changed, topics, poll);
      return true;
    });
  }

  async #settle(group: StoredGroup, topics: TopicsNow, poll: string | null): Promise<void> {
    const now = Date.now();
    if (group.live(now).length === 0) adopt(group, await this.#inKafka());
    const gained = settle(group, this.name, topics, { now, autoCommit: this.options.autoCommit, poll });
    const unknown = gained.filter((place) => !group.has(place));
    const kafka = unknown.length === 0 ? null : await this.#inKafka();
    for (const place of unknown) {
      const { committed, metadata } = kafka?.of(place) ?? emptyRow(place);
      if (committed >= 0) group.putMirrored({ ...emptyRow(place), committed, metadata });
    }
  }

  /** What the group has committed in Kafka, which is where it begins. */
  #inKafka(): Promise<Rows> {
    const { cluster, group, deadline } = this.#item;
    this.#kafka ??= kafkaRows(cluster, group, null, deadline);
    return this.#kafka;
  }

  async #topicsNow(group: StoredGroup, member: StoredMember, newerThan?: number): Promise<TopicsNow> {
    return topicsNow(this.#item.cluster, group, member, this.#item.deadline, newerThan);
  }

  /**
   * One write does it all: where to go on, what is committed automatically, and the fence, as it does not come about where the consumer has
   * lost a partition meanwhile, or is there no more.
   */
  async #store<Answer>(
    before: StoredGroup,
    poll: string | null,
    wanted: WantedRecords,
    { next, answer, isEmpty }: HandedOut<Answer>,
  ): Promise<{ answer: Answer | null } | 'again'> {
    const reader = this.#reader;
    const moves = movesOf(wanted, next, { reader, poll, options: this.options, rowOf: (place) => before.of(place), writesAll: false });
    if (moves.length === 0) return { answer };
    let isRepeated = false;
    const isStored = await this.#change(
      (group, member) => {
        const places = moves.map(({ row }) => row);
        const isLost = without(places, group.placesOf(member)).length > 0;
        // What another process stored of this poll, while its answer did not arrive, is to be handed out again.
        isRepeated =
          poll !== null && (isLost || wanted.positions.some((place) => isMovedBy(poll, reader, before.of(place), group.of(place))));
        if (isLost || isRepeated) return null;
        for (const move of moves) {
          const newest = group.of(move.row);
          const isMoved = newest.reader !== move.row.reader || newest.position !== move.row.position;
          if (isMoved && isEmpty) return null;
          if (isMoved) throw movedMeanwhile();
          group.put(movedRow(newest, move, reader, subscriptionOf(member) === null));
        }
        return true;
      },
      () => null,
    );
    if (isRepeated) return 'again';
    return { answer: isStored || isEmpty ? answer : null };
  }

  /**
   * Changes the group, and keeps the session.
   *
   * @param act null for what is not to be written
   * @param ifGone in its place where the consumer is there no more
   * @returns whether it was written
   */
  async #change(
    act: (group: StoredGroup, member: StoredMember, now: number) => Promise<boolean | null> | boolean | null,
    ifGone?: () => null,
  ): Promise<boolean> {
    const { cluster, group: name, deadline } = this.#item;
    const { reading, result } = await this.#item.change(this.#reading, async (group) => {
      const now = Date.now();
      if (ifGone !== undefined && group.members.get(this.name)?.id !== this.#id) return ifGone();
      noteMirrored(cluster, name, group);
      const outcome = await act(group, this.#mine(group), now);
      const member = group.members.get(this.name);
      if (member !== undefined) group.members.set(this.name, { ...member, until: Math.max(member.until, now + SESSION_MS) });
      return outcome;
    });
    this.#reading = reading;
    if (result !== null) await mirror(cluster, name, reading.group, deadline);
    return result !== null;
  }

  /** @throws {GatewayError} Forbidden for a topic that there is, and that the caller may not read in Kafka */
  async #mustMayRead(topics: readonly string[]): Promise<void> {
    if (!this.#asCaller || topics.length === 0) return;
    const { cluster, deadline } = this.#item;
    const there = [...(await knownTopics(cluster, topics, deadline)).keys()];
    const readable = await readableTopics(cluster, there, deadline);
    const refused = there.find((topic) => !readable.has(topic));
    if (refused !== undefined) throw kafkaError(TOPIC_AUTHORIZATION_FAILED, `It is about the topic ${refused}`);
  }

  #mine(group: StoredGroup): StoredMember {
    const member = group.members.get(this.name);
    if (member === undefined || member.id !== this.#id) throw consumerNotFound(this.name);
    return member;
  }
}

function subscriptionOf({ topics, pattern }: StoredMember): Subscription | null {
  if (topics.length > 0) return { topics };
  return pattern === '' ? null : { pattern };
}
