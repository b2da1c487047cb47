import { consumersConfig } from '../../config/consumers.ts';
import { kafkaConfig } from '../../config/kafka.ts';
import type { RouteKey } from '../../http/api.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { SHADOW_PREFIX } from '../../kafka/groups/groups.ts';
import type { Consumer, Coordinator } from '../../kafka/groups/membership/coordinator.ts';
import { KafkaCoordinator } from '../../kafka/groups/membership/kafka-coordinator.ts';
import { groupNameReserved } from '../../messages/consumers.ts';

/** The group in the path; refuses the gateway's own groups. */
export function namesGroup({ group }: { group: string }): { groups: string[] } {
  if (group.startsWith(SHADOW_PREFIX)) throw groupNameReserved(SHADOW_PREFIX);
  return { groups: [group] };
}

/** The coordinator of the group in the path: Kafka, or the gateway's table. */
export async function coordinatorOf<Key extends RouteKey & `${string}/consumers/${string}`>(
  { path: { group }, deadline }: GatewayRequest<Key>,
  cluster: Cluster,
): Promise<Coordinator> {
  const { table } = consumersConfig();
  if (table === null) return new KafkaCoordinator(cluster, group, deadline);
  // Only the zips of deployments that keep groups in a table contain it.
  const { storedCoordinator } = await import('../../consumers/stored-coordinator.optional.ts');
  return storedCoordinator(table, { cluster, group, deadline, asCaller: kafkaConfig().passthrough !== null });
}

type InstanceKey = RouteKey & `${string}/instances/${string}`;

/** What all routes of a consumer instance share: they look up the instance first, so that limits count its topics. */
export const ofInstance = {
  operation: 'read',
  names: namesGroup,
  find: async ({ request, cluster }: { request: GatewayRequest<InstanceKey>; cluster: Cluster }): Promise<Consumer> =>
    (await coordinatorOf(request, cluster)).describe(request.path.instance, request),
} as const;

/** The topics of partitions, without duplicates. */
export const topicsIn = (places: readonly { topic: string }[]): string[] => [...new Set(places.map(({ topic }) => topic))];

/** The response of a request without a result. */
export const NO_CONTENT = { status: 204, body: '' } as const;
