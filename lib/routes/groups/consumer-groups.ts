import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { deleteGroup as deleteFromKafka, describeGroup, type GroupMember, listConsumerGroups } from '../../kafka/groups/groups.ts';

const namesGroup = ({ group }: { group: string }) => ({ groups: [group] });

/** The consumer groups that the caller may describe. */
export const groups = route('GET /groups', {
  operation: 'describe',
  offers: genericTypes,
  async answer({ request, cluster }) {
    const mayDescribe = mayOn(request, 'consumer_groups');
    const all = await listConsumerGroups(cluster, request.deadline);
    const shown = all
      .filter(({ group }) => mayDescribe('describe', group))
      .map(({ group, type, state, protocolType }) => ({ group_id: group, type, state, protocol_type: protocolType }));
    return { body: JSON.stringify({ groups: shown }) };
  },
});

/** The state and the members of a group, with their partitions of the topics that the caller may describe. */
export const group = route('GET /groups/{group}', {
  operation: 'describe',
  offers: genericTypes,
  names: namesGroup,
  async answer({ request, cluster }) {
    const name = request.path.group;
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
    return { body: JSON.stringify(shown) };
  },
});

/** Deletes a group with all its offsets. */
export const deleteGroup = route('DELETE /groups/{group}', {
  operation: 'delete',
  offers: genericTypes,
  names: namesGroup,
  async answer({ request, cluster }) {
    await deleteFromKafka(cluster, request.path.group, request.deadline);
    return { status: 204, body: '' };
  },
});
