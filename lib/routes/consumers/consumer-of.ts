import { consumersConfig } from '../../config/consumers.ts';
import { kafkaConfig } from '../../config/kafka.ts';
import type { RouteKey } from '../../http/api.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { SHADOW_PREFIX } from '../../kafka/groups/groups.ts';
import type { Consumer, Coordinator } from '../../kafka/groups/membership/coordinator.ts';
import { KafkaCoordinator } from '../../kafka/groups/membership/kafka-coordinator.ts';
import { groupNameReserved } from '../../messages/consumers.ts';

/** The group in the path, which is not one of the gateway's own. */
export function namesGroup({ group }: { group: string }): { groups: string[] } {
  if (group.startsWith(SHADOW_PREFIX)) throw groupNameReserved(SHADOW_PREFIX);
  return { groups: [group] };
}

/** Whoever keeps the consumers of the group in the path. */
export async function coordinatorOf<Key extends RouteKey & `${string}/consumers/${string}`>(
  { path: { group }, deadline }: GatewayRequest<Key>,
  cluster: Cluster,
): Promise<Coordinator> {
  const { table } = consumersConfig();
  if (table === null) return new KafkaCoordinator(cluster, group, deadline);
  // Only in the zips of deployments that keep groups in a table.
  const { storedCoordinator } = await import('../../consumers/stored-coordinator.optional.ts');
  return storedCoordinator(table, { cluster, group, deadline, asCaller: kafkaConfig().passthrough !== null });
}

type InstanceKey = RouteKey & `${string}/instances/${string}`;

/** What all routes of a consumer instance have in common: they find it before they are counted, as its topics are. */
export const ofInstance = {
  operation: 'read',
  names: namesGroup,
  find: async ({ request, cluster }: { request: GatewayRequest<InstanceKey>; cluster: Cluster }): Promise<Consumer> =>
    (await coordinatorOf(request, cluster)).describe(request.path.instance),
} as const;

/** The topics of partitions, each once. */
export const topicsIn = (places: readonly { topic: string }[]): string[] => [...new Set(places.map(({ topic }) => topic))];

/** The answer of what has nothing to say. */
export const NO_CONTENT = { status: 204, body: '' } as const;
