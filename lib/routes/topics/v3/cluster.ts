import { mediaTypes, negotiate } from '../../../http/media-types.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { GatewayResponse } from '../../../http/response.ts';
import type { Cluster } from '../../../kafka/cluster/cluster.ts';
import { idOf } from '../../../kafka/topics/describe-cluster.ts';
import { clusterNotFound } from '../../../messages/v3.ts';
import { quote } from '../../../quote.ts';

/**
 * Makes sure that a request means this cluster.
 *
 * @throws {GatewayError} RouteNotFound
 */
export async function requireCluster(cluster: Cluster, id: string, deadline: number): Promise<void> {
  if ((await idOf(cluster, deadline)) === id) return;
  throw clusterNotFound(quote(id).slice(1, -1));
}

/** The media type of an answer. @throws {GatewayError} NotAcceptable */
export const acceptedType = ({ headers }: GatewayRequest): string => negotiate(headers.accept, [mediaTypes.plainJson]);

export const respond = (request: GatewayRequest, content: object, status = 200): GatewayResponse => ({
  status,
  mediaType: acceptedType(request),
  body: JSON.stringify(content),
});
