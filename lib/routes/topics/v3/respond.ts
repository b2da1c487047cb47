import { mediaTypes } from '../../../http/media-types.ts';
import type { GatewayResponse } from '../../../http/response.ts';
import type { Cluster } from '../../../kafka/cluster/cluster.ts';
import { idOf } from '../../../kafka/topics/describe-cluster.ts';
import { clusterNotFound } from '../../../messages/v3.ts';
import { quote } from '../../../quote.ts';

/**
 * Checks that a request names this cluster.
 *
 * @throws {GatewayError} RouteNotFound
 */
export async function requireCluster(cluster: Cluster, id: string, deadline: number): Promise<void> {
  if ((await idOf(cluster, deadline)) === id) return;
  throw clusterNotFound(quote(id).slice(1, -1));
}

/** v3 has only this type. */
export const jsonOnly = [mediaTypes.plainJson] as const;

export const respond = (content: object, status = 200): GatewayResponse => ({ status, body: JSON.stringify(content) });
