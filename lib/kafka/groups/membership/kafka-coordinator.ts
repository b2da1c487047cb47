import { randomInt } from 'node:crypto';
import { sleep } from '../../../deadline.ts';
import { consumerExists, consumerNotFound, groupUnsettled, noTopicToKeepIn } from '../../../messages/consumers.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { JOIN } from '../../protocol/consumer-group-heartbeat.ts';
import type { Consumer, ConsumerOptions, Coordinator, PlaceCommit, PolledConsumer } from './coordinator.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { memberPrefix, newMemberId } from './member-id.ts';
import { isOfEarlier } from './poll-times.ts';
import { remembered } from './remembered.ts';
import { Rows } from './row.ts';
import { isNotFound, nobody, Seat } from './seat.ts';
import { deleteShadow, writeShadow } from './shadow.ts';
import { Standing } from './standing.ts';
import type { Arrival } from './term.ts';
import { momentNow } from './turns.ts';

const MOST_TRIES = 8;
/** Callers that want the same name step back for a random time of less than this. */
const STEP_BACK_MS = 60;

/** Keeps consumers in Kafka's own groups (KIP-848, Kafka 4.0): a consumer is a member, and its positions are offsets of the group. */
export class KafkaCoordinator implements Coordinator {
  readonly #seat: Seat;

  /** @param deadline Unix milliseconds */
  constructor(cluster: Cluster, group: string, deadline: number) {
    this.#seat = new Seat(cluster, group, deadline);
  }

  /**
   * If several callers create one name at once, one succeeds: each joins, looks around, and leaves again if it is not alone. So no caller
   * is told of success while there is another member.
   */
  async create(name: string, options: ConsumerOptions, arrivedAt: number): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const { members } = await this.#seat.look();
      if (members === null) return this.#createWithoutMembers(name, options, arrivedAt);
      if (members.some(({ memberId }) => isOf(name, memberId))) throw consumerExists(name);
      if (tries === 1) await deleteShadow(cluster, group, name, deadline);
      const memberId = newMemberId(name, options, arrivedAt);
      const member = { memberId, epoch: JOIN, topics: [], pattern: '', owned: [] };
      await this.#seat.beat(member);
      const { members: now } = await this.#seat.look();
      if (now?.every((one) => !isOf(name, one.memberId) || one.memberId === memberId)) return;
      await this.#seat.leave(member);
      await sleep(randomInt(STEP_BACK_MS));
    }
    throw groupUnsettled();
  }

  /** Where Kafka has no such groups, a consumer consists of its shadow. */
  async #createWithoutMembers(name: string, options: ConsumerOptions, arrivedAt: number): Promise<void> {
    const { cluster, group, deadline } = this.#seat;
    const exists = await this.#seat.find(name).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
    if (exists) throw consumerExists(name);
    const shadow = { memberId: newMemberId(name, options, arrivedAt), topics: [], pattern: '', since: 0 };
    if (!(await writeShadow(cluster, group, name, shadow, [], deadline))) throw noTopicToKeepIn();
  }

  async describe(name: string, arrival: Arrival): Promise<Consumer> {
    const standing = new Standing(this.#seat, name, await this.#seat.find(name));
    if (isOfEarlier(arrival, standing.identity)) throw consumerNotFound(name);
    return new KafkaConsumer(standing, arrival);
  }

  async recall(name: string, arrival: Arrival): Promise<PolledConsumer> {
    const { cluster, group } = this.#seat;
    const known = remembered(cluster, group, name);
    if (known === null) return new KafkaConsumer(new Standing(this.#seat, name, await this.#seat.find(name)), arrival);
    const { member, identity, rows } = known;
    const found = { ...nobody, member, rows: new Rows(rows), asOf: momentNow() };
    return new KafkaConsumer(new Standing(this.#seat, name, found, identity), arrival, known);
  }

  async committed(): Promise<PlaceCommit[]> {
    const rows = await this.#seat.rows(null);
    return rows
      .all()
      .flatMap(({ topic, partition, committed: offset, metadata }) => (offset < 0 ? [] : [{ topic, partition, offset, metadata }]));
  }
}

const isOf = (name: string, memberId: string): boolean => memberId.startsWith(memberPrefix(name));
