import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { GROUP_ID_NOT_FOUND, isPassing, kafkaError, NONE } from '../error-codes.ts';
import { connectionError } from '../failures.ts';
import { type ConsumerGroup, consumerGroupDescribe } from '../protocol/consumer-group-describe.ts';
import { deleteGroups } from '../protocol/delete-groups.ts';
import { type ClassicGroup, describeGroups } from '../protocol/describe-groups.ts';
import { type ListedGroup, listGroups } from '../protocol/list-groups.ts';
import { offsetFetch } from '../protocol/offset-fetch.ts';
import type { Request } from '../protocol/request.ts';
import { type ShareGroup, shareGroupDescribe } from '../protocol/share-group-describe.ts';
import type { TopicPartitions } from '../protocol/topic-partitions.ts';
import { ANSWER_MS, askCoordinator, changeGroup } from './coordinator.ts';

export type { ListedGroup };

/** The protocol that the members of a group speak: the classic one, that of KIP-848, or that of share groups (KIP-932). */
export type GroupType = 'classic' | 'consumer' | 'share';

export interface GroupMember {
  memberId: string;
  /** `group.instance.id` of a static member. */
  instanceId: string | null;
  clientId: string;
  host: string;
  /** The partitions that it reads now, in order; null if they cannot be decoded, as the group is not one of consumers. */
  assignment: readonly TopicPartitions[] | null;
}

export interface GroupDescription {
  type: GroupType;
  /** As Kafka names it: `Empty`, `Stable`, `PreparingRebalance`, `Assigning` … */
  state: string;
  /** `consumer` for consumers, `share` for share groups; empty for a group of the classic protocol that has only offsets. */
  protocolType: string;
  /** The assignor that the members have agreed on, or that the coordinator uses; empty if there is none. */
  protocol: string;
  members: GroupMember[];
  /** Whether some members still speak the classic protocol in a group of the consumer protocol. */
  mixed: boolean;
  /** Id of the broker that coordinates it. */
  coordinator: number;
}

export interface NamedGroup extends GroupDescription {
  group: string;
}

/** Prefix of the groups in which the gateway keeps what consumers need to rejoin; lists do not show these groups. */
export const SHADOW_PREFIX = '__rest.';

const UNSUPPORTED_VERSION = 35;
const GROUP_AUTHORIZATION_FAILED = 30;
const UNKNOWN_ERROR = -1;
const DEAD = 'Dead';

/**
 * The consumer groups of a cluster that may be described, by name: one request to each broker, all at the same time. Leaves out groups
 * of other clients, such as workers of Kafka Connect.
 *
 * @param deadline Unix milliseconds
 */
export async function listConsumerGroups(cluster: Cluster, deadline: number): Promise<ListedGroup[]> {
  return (await listGroupsOfAll(cluster, deadline)).filter(isOfConsumers);
}

/** The same for groups of all kinds. */
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

const PROTOCOL_TYPES = ['', 'consumer', 'share'];
const TYPES = [null, 'classic', 'consumer', 'share'];

const isOfConsumers = ({ group, protocolType, type }: ListedGroup): boolean =>
  !group.startsWith(SHADOW_PREFIX) && PROTOCOL_TYPES.includes(protocolType) && TYPES.includes(type);

/**
 * Describes a consumer group of any protocol. Asks its coordinator for the two protocols of consumers at once, then, if the group is of
 * neither, for that of share groups. Before them it asks for stable offsets, of no partition: until it has answered that, a coordinator that
 * has just taken the group over does not know of its last changes.
 *
 * @param deadline Unix milliseconds
 * @throws {GatewayError} GroupNotFound, Forbidden, KafkaUnavailable …
 */
export async function describeGroup(cluster: Cluster, group: string, deadline: number): Promise<GroupDescription> {
  return askCoordinator(cluster, group, deadline, async (connection, coordinator) => {
    const [settled, consumer, classic] = await Promise.all([
      connection.send(offsetFetch(group, [], true), ANSWER_MS),
      described(connection, consumerGroupDescribe([group]), group),
      described(connection, describeGroups([group]), group),
    ]);
    if (isPassing(settled.error)) throw kafkaError(settled.error);
    if (isThere(consumer)) return fromConsumer(consumer, coordinator);
    if (classic === undefined) throw kafkaError(UNKNOWN_ERROR);
    if (isThere(classic) && classic.state !== DEAD) return fromClassic(classic, coordinator);
    const share = await described(connection, shareGroupDescribe([group]), group);
    if (isThere(share)) return fromShare(share, coordinator);
    throw kafkaError(GROUP_ID_NOT_FOUND);
  });
}

/**
 * Describes those groups of {@link listConsumerGroups} that are wanted: one request to each broker for each protocol, for all of its
 * groups at once. Leaves out groups that are gone by then, or that may not be described.
 *
 * @param deadline Unix milliseconds
 */
export async function describeConsumerGroups(
  cluster: Cluster,
  deadline: number,
  isWanted: (group: string) => boolean,
): Promise<NamedGroup[]> {
  const lists = await again(deadline, async () => {
    const { brokers } = await cluster.metadata([]);
    return Promise.all(brokers.map(({ id }) => describeGroupsOf(cluster, id, deadline, isWanted)));
  });
  const groups = new Map(lists.flat().map((named) => [named.group, named]));
  return [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

async function describeGroupsOf(
  cluster: Cluster,
  broker: number,
  deadline: number,
  isWanted: (group: string) => boolean,
): Promise<NamedGroup[]> {
  const listed = (await groupsOf(cluster, broker, deadline)).filter((one) => isOfConsumers(one) && isWanted(one.group));
  const ofType = (wanted: string) => listed.filter(({ type }) => (type ?? 'classic') === wanted).map(({ group }) => group);
  const connection = await cluster.connectionTo(broker);
  const ask = async <Group>(groups: string[], requestOf: (groups: string[]) => Request<Map<string, Group>>): Promise<[string, Group][]> => {
    const request = requestOf(groups);
    return groups.length === 0 || !connection.speaks(request) ? [] : [...(await connection.send(request, ANSWER_MS))];
  };
  try {
    const [classic, consumer, share] = await Promise.all([
      ask(ofType('classic'), describeGroups),
      ask(ofType('consumer'), consumerGroupDescribe),
      ask(ofType('share'), shareGroupDescribe),
    ]);
    return [
      ...shownOf(classic).flatMap(([group, one]) => (one.state === DEAD ? [] : [{ group, ...fromClassic(one, broker) }])),
      ...shownOf(consumer).map(([group, one]) => ({ group, ...fromConsumer(one, broker) })),
      ...shownOf(share).map(([group, one]) => ({ group, ...fromShare(one, broker) })),
    ];
  } catch (cause) {
    if (connection.closed) cluster.suspect(connection.address);
    throw connectionError(cause);
  }
}

function shownOf<Group extends { error: number }>(groups: [string, Group][]): [string, Group][] {
  const failed = groups.find(([, { error }]) => ![NONE, GROUP_ID_NOT_FOUND, GROUP_AUTHORIZATION_FAILED].includes(error));
  if (failed !== undefined) throw kafkaError(failed[1].error);
  return groups.filter(([, { error }]) => error === NONE);
}

/** The answer for one group; undefined if the broker does not support the request, or leaves the group out. */
const described = async <Group>(connection: BrokerConnection, request: Request<Map<string, Group>>, group: string) =>
  connection.speaks(request) ? (await connection.send(request, ANSWER_MS)).get(group) : undefined;

/** @throws {GatewayError} for errors other than that the group does not exist, or is of another protocol */
function isThere<Group extends { error: number }>(answer: Group | undefined): answer is Group {
  if (answer === undefined || answer.error === GROUP_ID_NOT_FOUND || answer.error === UNSUPPORTED_VERSION) return false;
  if (answer.error !== NONE) throw kafkaError(answer.error);
  return true;
}

function fromClassic({ state, protocolType, protocol, members }: ClassicGroup, coordinator: number): GroupDescription {
  return { type: 'classic', state, protocolType, protocol, members: members.map(toMember), mixed: false, coordinator };
}

function fromConsumer({ state, assignor, members }: ConsumerGroup, coordinator: number): GroupDescription {
  const mixed = members.some(({ isClassic }) => isClassic);
  return { type: 'consumer', state, protocolType: 'consumer', protocol: assignor, members: members.map(toMember), mixed, coordinator };
}

function fromShare({ state, assignor, members }: ShareGroup, coordinator: number): GroupDescription {
  const shown = members.map((member) => toMember({ ...member, instanceId: null }));
  return { type: 'share', state, protocolType: 'share', protocol: assignor, members: shown, mixed: false, coordinator };
}

const toMember = ({ memberId, instanceId, clientId, host, assignment }: GroupMember): GroupMember => ({
  memberId,
  instanceId,
  clientId,
  // Java writes an address without a host name with a slash.
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
  await changeGroup(cluster, group, deadline, deleteGroups(group), check, 'The group may have been deleted');
}
