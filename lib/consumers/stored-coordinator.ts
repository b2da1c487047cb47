import type { Cluster } from '../kafka/cluster/cluster.ts';
import type { Consumer, ConsumerOptions, Coordinator, PlaceCommit } from '../kafka/groups/membership/coordinator.ts';
import { newMemberId, readMemberId } from '../kafka/groups/membership/member-id.ts';
import { isOfEarlier } from '../kafka/groups/membership/poll-times.ts';
import type { Arrival } from '../kafka/groups/membership/term.ts';
import { mustMayReadGroup } from '../kafka/groups/readable-group.ts';
import { keyOf } from '../kafka/partition-key.ts';
import { consumerExists, consumerNotFound } from '../messages/consumers.ts';
import { GroupItem } from './group-item.ts';
import type { GroupStore } from './group-store.ts';
import { adopt, kafkaRows, mustHaveNoKafkaMembers } from './kafka-offsets.ts';
import { StoredConsumer } from './stored-consumer.ts';
import { SESSION_MS } from './stored-group.ts';
import { StoredStanding } from './stored-standing.ts';

/**
 * Keeps consumers in a table, for brokers without groups that a stateless gateway can join. A group is an item, and every change is a
 * write on condition that nobody else has written: that is the fence. Commits also go to Kafka.
 */
export class StoredCoordinator implements Coordinator {
  readonly #item: GroupItem;
  readonly #asCaller: boolean;

  /**
   * @param deadline Unix milliseconds
   * @param asCaller the credentials of the cluster are the caller's: Kafka decides what they may read, but the table does not ask Kafka
   */
  constructor(store: GroupStore, cluster: Cluster, group: string, deadline: number, asCaller: boolean) {
    this.#item = new GroupItem(store, cluster, group, deadline);
    this.#asCaller = asCaller;
  }

  async create(name: string, options: ConsumerOptions, arrivedAt: number): Promise<void> {
    const { cluster, group, deadline } = this.#item;
    const [reading, rows] = await Promise.all([
      this.#item.read(),
      kafkaRows(cluster, group, null, deadline),
      mustHaveNoKafkaMembers(cluster, group, deadline),
      this.#mustMayRead(),
    ]);
    const id = newMemberId(name, options, arrivedAt);
    await this.#item.change(reading, (stored) => {
      const now = Date.now();
      const live = stored.live(now);
      // It may be ours, from a write whose answer was lost.
      if (live.some(([one, member]) => one === name && member.id !== id)) throw consumerExists(name);
      if (live.length === 0) adopt(stored, rows);
      stored.endSessions(now);
      const until = now + SESSION_MS;
      stored.members.set(name, { id, topics: [], pattern: '', matched: [], until, owned: [], term: null, write: '' });
      return true;
    });
  }

  async describe(name: string, arrival: Arrival): Promise<Consumer> {
    const consumer = await this.recall(name, arrival);
    if (isOfEarlier(arrival, consumer)) throw consumerNotFound(name);
    return consumer;
  }

  /** One read of the item tells everything: nothing is remembered. */
  async recall(name: string, arrival: Arrival): Promise<StoredConsumer> {
    const [reading] = await Promise.all([this.#item.read(), this.#mustMayRead()]);
    const member = reading.group.members.get(name);
    const identity = member === undefined ? null : readMemberId(name, member.id);
    if (member === undefined || identity === null) throw consumerNotFound(name);
    const now = Date.now();
    const isLive = reading.group.live(now).some(([one]) => one === name);
    if (!isLive && !reading.group.isKept(member, now)) throw consumerNotFound(name);
    const standing = new StoredStanding(this.#item, { name, id: member.id, ...identity }, reading);
    return new StoredConsumer(standing, arrival, this.#asCaller);
  }

  async committed(): Promise<PlaceCommit[]> {
    const { cluster, group, deadline } = this.#item;
    const [reading, kafka] = await Promise.all([this.#item.read(), kafkaRows(cluster, group, null, deadline)]);
    const rows = new Map([...kafka.all(), ...reading.group.rows()].map((row) => [keyOf(row), row]));
    return [...rows.values()].flatMap(({ topic, partition, committed: offset, metadata }) =>
      offset < 0 ? [] : [{ topic, partition, offset, metadata }],
    );
  }

  async #mustMayRead(): Promise<void> {
    const { cluster, group, deadline } = this.#item;
    if (this.#asCaller) await mustMayReadGroup(cluster, group, deadline);
  }
}
