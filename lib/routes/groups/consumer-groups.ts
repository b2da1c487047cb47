import { allowGroup, mayOn } from '../../admission/grants.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { genericTypes, negotiate } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { deleteGroup as deleteFromKafka, describeGroup, type GroupMember, listConsumerGroups } from '../../kafka/groups/groups.ts';

/** `GET /groups`: those that the caller may describe. */
export async function groups(request: GatewayRequest<'GET /groups'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const mayDescribe = mayOn(request, 'consumer_groups');
  await countAgainstLimits(request, 'describe', []);
  const all = await listConsumerGroups(cluster, request.deadline);
  const shown = all
    .filter(({ group }) => mayDescribe('describe', group))
    .map(({ group, type, state, protocolType }) => ({ group_id: group, type, state, protocol_type: protocolType }));
  return { mediaType, body: JSON.stringify({ groups: shown }) };
}

/** `GET /groups/{group}`: its state and its members, with what they read of the topics that the caller may describe. */
export async function group(request: GatewayRequest<'GET /groups/{group}'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const name = request.path.group;
  allowGroup(request, 'describe', name);
  await countAgainstLimits(request, 'describe', []);
  const mayDescribe = mayOn(request, 'topics');
  const { type, state, protocolType, protocol, members } = await describeGroup(cluster, name, request.deadline);
  const showMember = ({ memberId, instanceId, clientId, host, assignment }: GroupMember) => ({
    member_id: memberId,
    instance_id: instanceId,
    client_id: clientId,
    host,
    assignments: assignment?.filter(({ topic }) => mayDescribe('describe', topic)) ?? null,
  });
  const shown = { group_id: name, type, state, protocol_type: protocolType, protocol, members: members.map(showMember) };
  return { mediaType, body: JSON.stringify(shown) };
}

/** `DELETE /groups/{group}`: with all of its offsets. */
export async function deleteGroup(request: GatewayRequest<'DELETE /groups/{group}'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  allowGroup(request, 'delete', request.path.group);
  await countAgainstLimits(request, 'delete', []);
  await deleteFromKafka(cluster, request.path.group, request.deadline);
  return { status: 204, body: '' };
}
