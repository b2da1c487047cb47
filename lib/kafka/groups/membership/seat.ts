import { GatewayError } from '../../../errors.ts';
import { consumerNotFound, groupsNotSupported, patternRefused } from '../../../messages/consumers.ts';
import { log } from '../../../telemetry/log.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { BrokerConnection } from '../../connection/connection.ts';
import { GROUP_ID_NOT_FOUND, isPassing, kafkaError, NONE } from '../../error-codes.ts';
import { atDeadline } from '../../failures.ts';
import { keyOf } from '../../partition-key.ts';
import { consumerGroupMembers, type FullMember } from '../../protocol/consumer-group-describe.ts';
import { askingHeartbeat, briefHeartbeat, consumerGroupHeartbeat, JOIN, LEAVE } from '../../protocol/consumer-group-heartbeat.ts';
import type { NamedPartitions } from '../../protocol/described-groups.ts';
import type { HeartbeatAnswer } from '../../protocol/group-heartbeat.ts';
import { memberOffsetCommit } from '../../protocol/member-offset-commit.ts';
import { memberOffsetFetch } from '../../protocol/member-offset-fetch.ts';
import { type OffsetFetchAnswer, offsetFetch } from '../../protocol/offset-fetch.ts';
import type { TopicPartitions } from '../../protocol/topic-partitions.ts';
import { ANSWER_MS, askCoordinator } from '../coordinator.ts';
import { byTopic, commitOffsets, type Relevant } from '../offsets.ts';
import type { Place } from './coordinator.ts';
import { type CommitOutcome, FENCES, outcomeOf } from './fences.ts';
import { type Member, memberOf, placesIn } from './member.ts';
import { readerOf, readMemberId } from './member-id.ts';
import { isSameRow, type Row, Rows, writeRow } from './row.ts';
import { readShadow } from './shadow.ts';
import { learnTopics, topicNamed } from './topics-by-id.ts';
import { type Moment, momentNow } from './turns.ts';

/** A group at one moment, as far as it concerns a consumer. */
export interface Found {
  readonly member: Member;
  readonly rows: Rows;
  /** Readers of all live members. */
  readonly readers: ReadonlySet<string>;
  /** Partitions that any member has, by `keyOf`. */
  readonly taken: ReadonlySet<string>;
  /** Whether the consumer has just rejoined, as its session had ended. */
  readonly isBack: boolean;
  /** Whether the coordinator has yet to assign the partitions, which takes Kafka 4.3 up to a second. */
  readonly isAssigning: boolean;
  /** Before the request. */
  readonly asOf: Moment;
}

const UNSUPPORTED_VERSION = 35;
const INVALID_REGULAR_EXPRESSION = 128;
/** How long a member may take to give up partitions. */
const REBALANCE_MS = 45_000;
/** The state of a group whose members have changed, or now want other topics. */
const ASSIGNING = 'Assigning';
/** How often a polled member reports what it has, and learns its assignment. Coordinators want it every 5 s by default. */
const LONGEST_UNBEATEN_MS = 1000;

/** Asks Kafka's coordinator in the name of consumers of one group. Keeps only names of topics, and when the next heartbeat is due. */
export class Seat {
  readonly cluster: Cluster;
  readonly group: string;
  readonly deadline: number;
  #nextBeatAt: number | null = null;

  /** @param deadline Unix milliseconds */
  constructor(cluster: Cluster, group: string, deadline: number) {
    this.cluster = cluster;
    this.group = group;
    this.deadline = deadline;
  }

  /** When the member must send its next heartbeat, in Unix milliseconds; null if none was sent from here. */
  get nextBeatAt(): number | null {
    return this.#nextBeatAt;
  }

  /**
   * Finds a consumer by two requests at once. If its session has ended, further requests make it rejoin.
   *
   * @throws {GatewayError} ConsumerNotFound, Forbidden, KafkaUnavailable …
   */
  async find(name: string): Promise<Found> {
    const { members, ...found } = await this.look();
    const member = memberOf(members ?? [], name);
    if (member !== null) return { ...found, member };
    const shadow = await readShadow(this.cluster, this.group, name, this.deadline);
    if (shadow === null || readMemberId(name, shadow.memberId) === null) throw consumerNotFound(name);
    if (members === null) return { ...found, member: { ...shadow, topics: [], pattern: '', epoch: null, owned: [] } };
    await this.beat({ ...shadow, epoch: JOIN, owned: [] });
    log.debug('consumer_rejoined', 'A consumer whose session had ended has rejoined', () => ({ group: this.group, consumer: name }));
    const again = await this.look();
    const back = memberOf(again.members ?? [], name);
    if (back === null) throw consumerNotFound(name);
    return { ...again, member: back, isBack: true };
  }

  /** All members, and the rows of the group. @returns members: null if Kafka has no such groups */
  async look(): Promise<{ members: FullMember[] | null } & Omit<Found, 'member'>> {
    const asOf = momentNow();
    const [described, rows] = await this.#ask(async (connection) => {
      const asked = consumerGroupMembers(this.group);
      // Offsets first: a coordinator that has just taken the group over tells of earlier members, and of what they subscribed to before, until
      // it has answered for offsets. A heartbeat with that would undo a subscription. Brokers answer a connection's requests in their order.
      const [offsets, group] = await Promise.all([
        connection.send(offsetFetch(this.group, null, true), ANSWER_MS),
        connection.speaks(asked) ? connection.send(asked, ANSWER_MS) : null,
      ]);
      const error = group?.error === GROUP_ID_NOT_FOUND || group?.error === UNSUPPORTED_VERSION ? NONE : (group?.error ?? NONE);
      if (error !== NONE) throw kafkaError(error);
      return [group, rowsIn(offsets)];
    });
    if (described === null || described.error === UNSUPPORTED_VERSION) return { members: null, rows, ...nobody, asOf };
    const { members } = described;
    learnTopics(this.cluster, members);
    const readers = new Set(members.map(({ memberId }) => readerOf(memberId)));
    const taken = new Set(members.flatMap(({ assignment }) => placesIn(assignment).map(keyOf)));
    return { members, rows, readers, taken, isBack: false, isAssigning: described.state === ASSIGNING, asOf };
  }

  /** When the request arrived that last subscribed a consumer, in Unix milliseconds; 0 if that is not known. */
  async subscribedAt(name: string): Promise<number> {
    return (await readShadow(this.cluster, this.group, name, this.deadline))?.since ?? 0;
  }

  /** Only the rows. @param places whose; null for all of the group */
  async rows(places: readonly Place[] | null): Promise<Rows> {
    const topics = places && byTopic(places);
    return this.#ask((connection) => this.#rowsAt(connection, topics));
  }

  async #rowsAt(connection: BrokerConnection, topics: readonly TopicPartitions[] | null): Promise<Rows> {
    return rowsIn(await connection.send(offsetFetch(this.group, topics, true), ANSWER_MS));
  }

  /**
   * The rows of a member's partitions, if the group still has the member at the same epoch: one request instead of all those of `look`.
   * Kafka gives a partition to another member only after the epoch has changed.
   *
   * @param known the last known rows: most have not changed, and need not be parsed
   * @returns null if the group has moved on, or only a look can tell
   */
  async confirm({ memberId, epoch, owned }: Member, known: readonly Row[]): Promise<{ rows: Rows; asOf: Moment } | null> {
    if (epoch === null) return null;
    const asOf = momentNow();
    const { error, offsets } = await this.#ask(async (connection) => {
      const answer = await connection.send(memberOffsetFetch(this.group, { memberId, epoch }, owned), ANSWER_MS);
      if (isPassing(answer.error)) throw kafkaError(answer.error);
      return answer;
    });
    const isRefused = error !== NONE || offsets.some((one) => one.error !== NONE);
    return isRefused ? null : { rows: Rows.read(offsets, known), asOf };
  }

  /**
   * A heartbeat with everything about a member: it keeps the session, and reports what the member owns from now on.
   *
   * @returns null when the group has moved on since the member was found
   * @throws {GatewayError} NotSupported; InvalidRecord for a pattern that Kafka cannot read; Forbidden, KafkaUnavailable …
   */
  async beat(member: Member): Promise<Member | null> {
    const { memberId, epoch, topics, pattern, owned } = member;
    if (epoch === null) return member;
    const request = consumerGroupHeartbeat({
      ...{ group: this.group, memberId, epoch, topics, pattern, owned },
      rebalanceTimeoutMs: REBALANCE_MS,
    });
    return this.#beaten(member, await this.#heartbeat(request));
  }

  /**
   * The same for a member that was not looked up just now, and subscribes to topics by name. It leaves out the subscription, which may have
   * changed, so that it stays as it is.
   */
  async beatAsIs(member: Member): Promise<Member | null> {
    const { memberId, epoch, owned } = member;
    if (epoch === null) return member;
    const request = askingHeartbeat({ group: this.group, memberId, epoch, owned, rebalanceTimeoutMs: REBALANCE_MS });
    return this.#beaten(member, await this.#heartbeat(request));
  }

  async #beaten(member: Member, answer: HeartbeatAnswer): Promise<Member | null> {
    if (FENCES.includes(answer.error)) return null;
    if (answer.error === INVALID_REGULAR_EXPRESSION) throw patternRefused();
    if (answer.error === UNSUPPORTED_VERSION) throw groupsNotSupported();
    if (answer.error !== NONE) throw kafkaError(answer.error);
    return { ...member, epoch: answer.epoch, owned: answer.assignment === null ? member.owned : await this.#named(answer.assignment) };
  }

  /** Keeps the session of a member. Other requests find out if it has ended. @returns whether the member gets other partitions now */
  async stay({ memberId, epoch }: Member): Promise<boolean> {
    if (epoch === null) return false;
    const { assignment } = await this.#heartbeat(briefHeartbeat(this.group, memberId, epoch));
    return assignment !== null;
  }

  async leave({ memberId, epoch }: Pick<Member, 'memberId' | 'epoch'>): Promise<void> {
    if (epoch === null) return;
    const { error } = await this.#heartbeat(briefHeartbeat(this.group, memberId, LEAVE));
    if (error !== NONE && !FENCES.includes(error)) throw kafkaError(error);
  }

  /**
   * Writes rows in the name of a member: all of them, or none if the group has moved on. After an answer that was lost, it does not undo what
   * others have written since.
   *
   * @param before the rows that are replaced
   * @param relevant chooses the results that are judged; all by default
   */
  async commit({ memberId, epoch }: Member, rows: readonly Row[], before: Rows, relevant?: Relevant): Promise<CommitOutcome> {
    if (rows.length === 0) return 'done';
    const offsets = rows.map(writeRow);
    if (epoch === null) {
      await commitOffsets(this.cluster, this.group, offsets, this.deadline, relevant);
      return 'done';
    }
    const request = memberOffsetCommit(this.group, { memberId, epoch }, offsets);
    let isRepeated = false;
    const results = await this.#ask(async (connection) => {
      await connection.renewSession();
      if (isRepeated) {
        const now = await this.#rowsAt(connection, byTopic(rows));
        if (rows.every((row) => isSameRow(row, now.of(row)))) return [];
        if (!rows.every((row) => isSameRow(before.of(row), now.of(row)))) return null;
      }
      // By now, the client has been told that nothing was changed.
      if (Date.now() >= this.deadline) throw atDeadline(null, this.deadline);
      isRepeated = true;
      const answer = await connection.send(request, ANSWER_MS);
      const passing = answer.find(({ error }) => isPassing(error));
      if (passing !== undefined) throw kafkaError(passing.error);
      return answer;
    });
    if (results === null) return 'fenced';
    return outcomeOf(relevant?.(results) ?? results);
  }

  #ask<Answer>(ask: (connection: BrokerConnection) => Promise<Answer>): Promise<Answer> {
    return askCoordinator(this.cluster, this.group, this.deadline, ask);
  }

  async #heartbeat(request: ReturnType<typeof consumerGroupHeartbeat>): Promise<HeartbeatAnswer> {
    return this.#ask(async (connection) => {
      if (!connection.speaks(request)) throw groupsNotSupported();
      const sentAt = Date.now();
      const answer = await connection.send(request, ANSWER_MS);
      if (isPassing(answer.error)) throw kafkaError(answer.error);
      if (answer.error === NONE) this.#nextBeatAt = sentAt + Math.min(answer.intervalMs, LONGEST_UNBEATEN_MS);
      return answer;
    });
  }

  async #named(assignment: NonNullable<HeartbeatAnswer['assignment']>): Promise<NamedPartitions[]> {
    const name = (topicId: string) => topicNamed(this.cluster, topicId);
    if (assignment.some(({ topicId }) => name(topicId) === undefined)) await this.look();
    return assignment.flatMap(({ topicId, partitions }) => {
      const topic = name(topicId);
      return topic === undefined ? [] : [{ topicId, topic, partitions }];
    });
  }
}

/** The rows that a coordinator has answered with, without those of topics that may not be described. */
function rowsIn({ error, offsets }: OffsetFetchAnswer): Rows {
  const passing = offsets.find((one) => isPassing(one.error));
  if (error !== NONE || passing !== undefined) throw kafkaError(passing?.error ?? error);
  return Rows.read(offsets.filter((one) => one.error === NONE));
}

/** A group whose members nobody has looked at. */
export const nobody = { readers: new Set<string>(), taken: new Set<string>(), isBack: false, isAssigning: false } as const;

/** True for the error of `find` for a consumer that does not exist. */
export const isNotFound = (error: unknown): boolean => error instanceof GatewayError && error.name === 'ConsumerNotFound';
