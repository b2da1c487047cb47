import { allow, allowGroup, mayOn } from '../../admission/grants.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { genericTypes, negotiate } from '../../http/media-types.ts';
import { integer, optional, parseQuery, text } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { existingOffsets, type GroupOffset, offsetsOfTopic, offsetsWithEnds } from '../../kafka/groups/lag.ts';
import { commitOffsets, deleteOffsets } from '../../kafka/groups/offsets.ts';
import { resolvePositions } from '../../kafka/groups/positions.ts';
import { MAX_PARTITION } from '../../limits-of-protocol.ts';
import { offsetsOfOthers, partitionTwice } from '../../messages/groups.ts';
import { parameterNeedsTopic } from '../../messages/requests.ts';
import { topicName } from '../../topic-name.ts';
import { readOffsets } from './offsets-body.ts';

/** `GET /groups/{group}/offsets[?topic=]`: what is committed, and how far behind the ends of the partitions that is. */
export async function groupOffsets(request: GatewayRequest<'GET /groups/{group}/offsets'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const { group } = request.path;
  allowGroup(request, 'describe', group);
  const { topic } = parseQuery(request.query, { topic: optional(text) });
  if (topic !== undefined) allow(request, 'describe', topicName(topic));
  await countAgainstLimits(request, 'describe', topic === undefined ? [] : [{ topic }]);
  const mayDescribe = mayOn(request, 'topics');
  const offsets =
    topic === undefined
      ? await offsetsWithEnds(cluster, group, (name) => mayDescribe('describe', name), request.deadline)
      : await offsetsOfTopic(cluster, group, topic, request.deadline);
  return { mediaType, body: JSON.stringify({ offsets: offsets.map(showOffset) }) };
}

function showOffset({ topic, partition, offset, metadata, end }: GroupOffset): object {
  if (offset < 0) return { topic, partition, offset: null, metadata: null, end_offset: end, lag: null };
  return { topic, partition, offset, metadata, end_offset: end, lag: end === null ? null : end - offset };
}

/** `PUT /groups/{group}/offsets`: commits offsets, as they are given or as they are found for an end of the log or a time. */
export async function putGroupOffsets(request: GatewayRequest<'PUT /groups/{group}/offsets'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const { group } = request.path;
  allowGroup(request, 'commit', group);
  const wanted = readOffsets(request.json);
  const topics = [...new Set(wanted.map((one) => one.topic))];
  for (const topic of topics) allow(request, 'read', topic);
  await countAgainstLimits(
    request,
    'commit',
    topics.map((topic) => ({ topic })),
  );
  const offsets = await resolvePositions(cluster, wanted, request.deadline);
  const places = new Set(offsets.map(({ topic, partition }) => `${partition} ${topic}`));
  if (places.size < offsets.length) throw partitionTwice();
  await commitOffsets(cluster, group, offsets, request.deadline);
  return { mediaType, body: JSON.stringify({ offsets: offsets.map((one) => ({ ...one, metadata: one.metadata ?? '' })) }) };
}

const chosen = { topic: optional(text), partition: optional(integer({ min: 0, max: MAX_PARTITION })) };

/** `DELETE /groups/{group}/offsets[?topic=[&partition=]]`: all that is committed, or that of a topic, or of one partition. */
export async function deleteGroupOffsets(request: GatewayRequest<'DELETE /groups/{group}/offsets'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const { group } = request.path;
  allowGroup(request, 'delete', group);
  const { topic, partition } = parseQuery(request.query, chosen);
  if (topic !== undefined) allow(request, 'read', topicName(topic));
  if (topic === undefined && partition !== undefined) throw parameterNeedsTopic();
  await countAgainstLimits(request, 'delete', topic === undefined ? [] : [{ topic }]);
  const committed = await existingOffsets(cluster, group, request.deadline);
  const doomed = committed.filter(
    (one) => (topic === undefined || one.topic === topic) && (partition === undefined || one.partition === partition),
  );
  const topics = [...Map.groupBy(doomed, (one) => one.topic)].map(([name, offsets]) => ({
    topic: name,
    partitions: offsets.map((one) => one.partition),
  }));
  const mayOnTopics = mayOn(request, 'topics');
  if (!topics.every((one) => mayOnTopics('read', one.topic))) throw offsetsOfOthers();
  if (topics.length > 0) await deleteOffsets(cluster, group, topics, request.deadline);
  return { status: 204, body: '' };
}
