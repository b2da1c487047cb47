import { allow } from '../../../admission/grants.ts';
import { countAgainstLimits } from '../../../admission/limits.ts';
import { kafkaCluster } from '../../../clusters/kafka-cluster.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { GatewayResponse } from '../../../http/response.ts';
import { deleteTopic as deleteInKafka } from '../../../kafka/topics/delete-topic.ts';
import { refuseInternal } from '../../../kafka/topics/internal-topics.ts';
import { acceptedType, requireCluster } from './cluster.ts';

/** `DELETE /v3/clusters/{cluster}/topics/{topic}`: with all that is in it. */
export async function deleteTopic(request: GatewayRequest<'DELETE /v3/clusters/{cluster}/topics/{topic}'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const { cluster: id, topic } = request.path;
  allow(request, 'delete', topic);
  refuseInternal(topic);
  const mediaType = acceptedType(request);
  await countAgainstLimits(request, 'delete', [{ topic }]);
  await requireCluster(cluster, id, request.deadline);
  await deleteInKafka(cluster, topic, request.deadline);
  return { status: 204, mediaType, body: '' };
}
