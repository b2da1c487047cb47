import { allow } from '../../admission/grants.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { genericTypes, negotiate } from '../../http/media-types.ts';
import { either, integer, optional, parseQuery, time } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { type OffsetAtTime, type OffsetBounds, offsetBounds, offsetsAtTime } from '../../kafka/fetch/list-offsets.ts';

/** -1 is the end of the log, -2 its beginning, as in Kafka's own protocol. */
const parameters = { timestamp: optional(either(integer({ min: -2, max: -1 }), time)) };

/** `GET /topics/{topic}/partitions/{partition}/offsets[?timestamp=]` */
export async function partitionOffsets(
  request: GatewayRequest<'GET /topics/{topic}/partitions/{partition}/offsets'>,
): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const [answer] = await listOffsets(cluster, request, [request.path.partition]);
  return { mediaType, body: JSON.stringify(answer) };
}

/** `GET /topics/{topic}/offsets[?timestamp=]`: the same for every partition. */
export async function topicOffsets(request: GatewayRequest<'GET /topics/{topic}/offsets'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const answers = await listOffsets(cluster, request, null);
  return { mediaType, body: JSON.stringify(answers) };
}

async function listOffsets(
  cluster: Cluster,
  request: GatewayRequest<'GET /topics/{topic}/offsets'>,
  partitions: number[] | null,
): Promise<object[]> {
  allow(request, 'describe', request.path.topic);
  const { timestamp } = parseQuery(request.query, parameters);
  const { path, deadline } = request;
  await countAgainstLimits(request, 'describe', [path]);
  const numbered = partitions === null;
  if (timestamp === undefined) {
    const bounds = await offsetBounds(cluster, path.topic, partitions, deadline);
    return bounds.map((one) => ({ ...(numbered && { partition: one.partition }), ...showBounds(one) }));
  }
  const found = await offsetsAtTime(cluster, path.topic, partitions, timestamp, deadline);
  return found.map((one) => ({ ...(numbered && { partition: one.partition }), ...showOffset(one) }));
}

const showBounds = ({ beginning, end }: OffsetBounds) => ({ beginning_offset: beginning, end_offset: end });
const showOffset = ({ offset, timestamp }: OffsetAtTime) => ({ offset, timestamp });
