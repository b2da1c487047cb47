import { queueSettingRefused } from '../../messages/queues.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { again } from '../cluster/retry.ts';
import { kafkaError, NONE } from '../error-codes.ts';
import { ANSWER_MS, askCoordinator } from '../groups/coordinator.ts';
import { type ListedGroup, listGroupsOfAll } from '../groups/groups.ts';
import { alterGroupConfigs } from '../protocol/alter-group-configs.ts';
import { describeConfigs } from '../protocol/describe-configs.ts';
import { describeShareGroupOffsets } from '../protocol/describe-share-group-offsets.ts';
import { shareGroupDescribe } from '../protocol/share-group-describe.ts';
import { requireShareGroups, shareGroupError } from './support.ts';

/** The settings that a share group may override; those left out stay as they are. */
export interface QueueSettings {
  startAt?: 'earliest' | 'latest';
  lockMs?: number;
  deliveryLimit?: number;
}

/** How far a queue has been consumed in a partition. */
export interface QueuePosition {
  topic: string;
  partition: number;
  /** Everything before it is settled; null if the partition has never delivered anything. */
  startOffset: number | null;
  /** How many records are not settled; null if Kafka does not know. */
  lag: number | null;
}

export interface QueueDescription {
  /** As Kafka names it: `Empty`, `Stable`, `Dead`. */
  state: string;
  /** Consumers that have joined; a receive does not join. */
  members: number;
  settings: Required<QueueSettings>;
  positions: QueuePosition[];
}

const INVALID_CONFIG = 40;
const INVALID_REQUEST = 42;
const UNKNOWN_ERROR = -1;
const START = 'share.auto.offset.reset';
const LOCK = 'share.record.lock.duration.ms';
const LIMIT = 'share.delivery.count.limit';
const ISOLATION = 'share.isolation.level';

/** The share groups of a cluster that may be described, by name. @param deadline Unix milliseconds */
export async function listQueues(cluster: Cluster, deadline: number): Promise<ListedGroup[]> {
  await again(deadline, async () => requireShareGroups(await cluster.anyBroker()));
  return (await listGroupsOfAll(cluster, deadline)).filter(({ type }) => type === 'share');
}

/**
 * Overrides settings for a queue, which need not exist yet. From then on, it delivers only committed records.
 *
 * @throws {GatewayError} InvalidRecord with Kafka's bounds; Forbidden, NotSupported …
 */
export async function configureQueue(
  cluster: Cluster,
  group: string,
  { startAt, lockMs, deliveryLimit }: QueueSettings,
  deadline: number,
): Promise<void> {
  const configs = {
    [ISOLATION]: 'read_committed',
    ...(startAt !== undefined && { [START]: startAt }),
    ...(lockMs !== undefined && { [LOCK]: String(lockMs) }),
    ...(deliveryLimit !== undefined && { [LIMIT]: String(deliveryLimit) }),
  };
  await again(deadline, async () => {
    const connection = await cluster.anyBroker();
    requireShareGroups(connection);
    connection.mustHearBefore(deadline);
    const { error, message } = await connection.send(alterGroupConfigs(group, configs), ANSWER_MS);
    if (error === INVALID_CONFIG || error === INVALID_REQUEST) {
      throw queueSettingRefused.with(
        { cause: kafkaError(error) },
        (message ?? 'it does not say why').slice(0, 300).replace(/[^ -~]/g, '?'),
      );
    }
    if (error !== NONE) throw shareGroupError(error);
  });
}

/**
 * Describes a queue, and how far it has been consumed.
 *
 * @throws {GatewayError} GroupNotFound; Forbidden, NotSupported …
 */
export async function describeQueue(cluster: Cluster, group: string, deadline: number): Promise<QueueDescription> {
  const [found, settings] = await Promise.all([
    askCoordinator(cluster, group, deadline, async (connection) => {
      requireShareGroups(connection);
      const [described, far] = await Promise.all([
        connection.send(shareGroupDescribe([group]), ANSWER_MS),
        connection.send(describeShareGroupOffsets(group, null), ANSWER_MS),
      ]);
      const what = described.get(group) ?? { error: UNKNOWN_ERROR, state: 'Dead', members: [] };
      for (const { error } of [what, far]) if (error !== NONE) throw kafkaError(error);
      return { state: what.state, members: what.members.length, offsets: far.offsets };
    }),
    queueSettings(cluster, group, deadline),
  ]);
  const positions = found.offsets
    .map(({ topic, partition, startOffset, lag, error }) => ({
      ...{ topic, partition },
      startOffset: error !== NONE || startOffset < 0 ? null : startOffset,
      lag: error !== NONE || lag < 0 ? null : lag,
    }))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  return { state: found.state, members: found.members, settings, positions };
}

/** The effective settings of a share group, whether its own or the cluster's. @throws {GatewayError} Forbidden … */
export async function queueSettings(cluster: Cluster, group: string, deadline: number): Promise<Required<QueueSettings>> {
  return again(deadline, async () => {
    const connection = await cluster.anyBroker();
    requireShareGroups(connection);
    const { error, configs } = await connection.send(describeConfigs(group, false, 'group'), ANSWER_MS);
    if (error !== NONE) throw shareGroupError(error);
    const values = new Map(configs.map(({ name, value }) => [name, value]));
    return {
      startAt: values.get(START) === 'earliest' ? 'earliest' : 'latest',
      lockMs: Number(values.get(LOCK)),
      deliveryLimit: Number(values.get(LIMIT)),
    };
  });
}
