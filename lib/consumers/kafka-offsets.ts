import { GatewayError } from '../errors.ts';
import type { Cluster } from '../kafka/cluster/cluster.ts';
import { describeGroup } from '../kafka/groups/groups.ts';
import type { Place } from '../kafka/groups/membership/coordinator.ts';
import { emptyRow, Rows } from '../kafka/groups/membership/row.ts';
import { byTopic, fetchOffsets } from '../kafka/groups/offsets.ts';
import { keyOf } from '../kafka/partition-key.ts';
import { groupHasKafkaMembers } from '../messages/consumers.ts';
import type { StoredGroup } from './stored-group.ts';

/** What a group has committed in Kafka, in some partitions or in all (null). */
export async function kafkaRows(cluster: Cluster, group: string, places: readonly Place[] | null, deadline: number): Promise<Rows> {
  return Rows.read(await fetchOffsets(cluster, group, places && byTopic(places), deadline));
}

/**
 * For a group in which nobody has read for a while: what was committed in Kafka since, by its tools or by consumers, counts from now on,
 * and so does what was deleted there.
 */
export function adopt(group: StoredGroup, kafka: Rows): void {
  const places = new Map([...group.rows(), ...kafka.all()].map((row) => [keyOf(row), row]));
  for (const place of places.values()) {
    const [own, theirs] = [group.of(place), kafka.of(place)];
    const isStale = own.stale >= 0 && own.stale === theirs.committed;
    if (!own.isMirrored || own.committed === theirs.committed || isStale) continue;
    const { committed, metadata } = theirs;
    group.putMirrored({ ...emptyRow(place), byHand: own.byHand, reader: own.byHand ? own.reader : '', committed, metadata });
  }
}

/** If the group has members in Kafka, Kafka gives them its partitions and refuses commits of others. @throws {GatewayError} IllegalState */
export async function mustHaveNoKafkaMembers(cluster: Cluster, group: string, deadline: number): Promise<void> {
  const described = await describeGroup(cluster, group, deadline).catch((error: unknown) => {
    if (error instanceof GatewayError && error.name === 'GroupNotFound') return null;
    throw error;
  });
  if (described !== null && described.members.length > 0) throw groupHasKafkaMembers();
}
