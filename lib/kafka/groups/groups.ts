import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { kafkaError, NONE } from '../error-codes.ts';
import { connectionError } from '../failures.ts';
import { consumerGroupDescribe } from '../protocol/consumer-group-describe.ts';
import { deleteGroups } from '../protocol/delete-groups.ts';
import { describeGroups } from '../protocol/describe-groups.ts';
import { type ListedGroup, listGroups } from '../protocol/list-groups.ts';
import type { TopicPartitions } from '../protocol/topic-partitions.ts';
import { ANSWER_MS, askCoordinator, changeGroup } from './coordinator.ts';

export type { ListedGroup };

/** Which protocol the members of a group speak: the classic one, or that of KIP-848. */
export type GroupType = 'classic' | 'consumer';

export interface GroupMember {
  memberId: string;
  /** `group.instance.id` of a static member. */
  instanceId: string | null;
  clientId: string;
  host: string;
  /** What it reads at present, in order; null where that cannot be read, as the group is none of consumers. */
  assignment: readonly TopicPartitions[] | null;
}

export interface GroupDescription {
  type: GroupType;
  /** As Kafka names it: `Empty`, `Stable`, `PreparingRebalance`, `Assigning` … */
  state: string;
  /** `consumer` for consumers; empty for a group of the classic protocol that has only offsets. */
  protocolType: string;
  /** The assignor that members have agreed on, or the coordinator uses; empty without any. */
  protocol: string;
  members: GroupMember[];
}

/** What the names of groups begin with in which the gateway keeps what consumers come back by; no list shows them. */
export const SHADOW_PREFIX = '__rest.';

const GROUP_ID_NOT_FOUND = 69;
const UNSUPPORTED_VERSION = 35;
const DEAD = 'Dead';

/**
 * The consumer groups of a cluster that may be described, by name: one request to each broker, all at the same time. Groups of others
 * than consumers, such as workers of Kafka Connect, are left out.
 *
 * @param deadline Unix milliseconds
 */
export async function listConsumerGroups(cluster: Cluster, deadline: number): Promise<ListedGroup[]> {
  return (await listGroupsOfAll(cluster, deadline)).filter(isOfConsumers);
}

/** The same, of groups of all kinds. */
export async function listGroupsOfAll(cluster: Cluster, deadline: number): Promise<ListedGroup[]> {
  const lists = await again(deadline, async () => {
    const { brokers } = await cluster.metadata([]);
    return Promise.all(brokers.map(({ id }) => groupsOf(cluster, id, deadline)));
  });
  // A group that moves between two brokers may be listed by both.
  const groups = new Map(lists.flat().map((listed) => [listed.group, listed]));
  return [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

async function groupsOf(cluster: Cluster, broker: number, deadline: number): Promise<ListedGroup[]> {
  let connection: BrokerConnection | null = null;
  try {
    connection = await cluster.connectionTo(broker);
    connection.mustHearBefore(deadline);
    const { error, groups } = await connection.send(listGroups, ANSWER_MS);
    if (error !== NONE) throw kafkaError(error);
    return groups;
  } catch (cause) {
    if (connection?.closed) cluster.suspect(connection.address);
    throw connectionError(cause);
  }
}

const isOfConsumers = ({ group, protocolType, type }: ListedGroup): boolean =>
  !group.startsWith(SHADOW_PREFIX) &&
  (protocolType === '' || protocolType === 'consumer') &&
  (type === null || type === 'classic' || type === 'consumer');

/**
 * What a consumer group of either protocol is. Its coordinator is asked for both at once.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} GroupNotFound, Forbidden, KafkaUnavailable …
 */
export async function describeGroup(cluster: Cluster, group: string, deadline: number): Promise<GroupDescription> {
  return askCoordinator(cluster, group, deadline, async (connection) => {
    const asked = consumerGroupDescribe(group);
    const [consumer, classic] = await Promise.all([
      connection.speaks(asked) ? connection.send(asked, ANSWER_MS) : null,
      connection.send(describeGroups(group), ANSWER_MS),
    ]);
    if (consumer !== null && consumer.error !== GROUP_ID_NOT_FOUND && consumer.error !== UNSUPPORTED_VERSION) {
      if (consumer.error !== NONE) throw kafkaError(consumer.error);
      const { state, assignor, members } = consumer;
      return { type: 'consumer', state, protocolType: 'consumer', protocol: assignor, members: members.map(toMember) };
    }
    if (classic.error !== NONE) throw kafkaError(classic.error);
    if (classic.state === DEAD) throw kafkaError(GROUP_ID_NOT_FOUND);
    const { state, protocolType, protocol, members } = classic;
    return { type: 'classic', state, protocolType, protocol, members: members.map(toMember) };
  });
}

const toMember = ({ memberId, instanceId, clientId, host, assignment }: GroupMember): GroupMember => ({
  memberId,
  instanceId,
  clientId,
  // Java's way to write an address without a name.
  host: host.replace(/^\//, ''),
  assignment: assignment?.map(inOrder).sort((a, b) => (a.topic < b.topic ? -1 : 1)) ?? null,
});

const inOrder = ({ topic, partitions }: TopicPartitions): TopicPartitions => ({ topic, partitions: [...partitions].sort((a, b) => a - b) });

/**
 * Deletes a consumer group with all of its offsets.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} GroupNotFound, IllegalState when it has live members, Forbidden …
 */
export async function deleteGroup(cluster: Cluster, group: string, deadline: number): Promise<void> {
  const check = (error: number, repeated: boolean) => {
    if (error !== NONE && !(repeated && error === GROUP_ID_NOT_FOUND)) throw kafkaError(error);
  };
  await changeGroup(cluster, group, deadline, deleteGroups(group), check, 'The group may have been deleted.');
}
