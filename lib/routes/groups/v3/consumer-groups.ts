import { mayOn } from '../../../admission/grants.ts';
import { route } from '../../../admission/route.ts';
import type { RouteKey } from '../../../http/api.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { Cluster } from '../../../kafka/cluster/cluster.ts';
import { describeConsumerGroups, describeGroup, type GroupMember } from '../../../kafka/groups/groups.ts';
import { existingOffsets, offsetsWithEnds } from '../../../kafka/groups/lag.ts';
import type { CommittedOffset } from '../../../kafka/groups/offsets.ts';
import { assignmentNotFound, consumerNotFound, groupOffsetsNotFound } from '../../../messages/v3.ts';
import { jsonOnly, requireCluster, respond } from '../../topics/v3/respond.ts';
import { GroupResources, type Lag } from './group-resources.ts';

type GroupRoute = Extract<RouteKey, `GET /v3/clusters/{cluster}/consumer-groups/{group}${string}`>;
type LagRoute = Extract<GroupRoute, `${string}/lag${string}`>;

interface Place<Key extends GroupRoute> {
  request: GatewayRequest<Key>;
  kafka: Cluster;
  resources: GroupResources;
}

/** The consumer groups that the caller may describe. */
export const groups = route('GET /v3/clusters/{cluster}/consumer-groups', {
  operation: 'describe',
  offers: jsonOnly,
  async answer({ request, cluster }) {
    await requireCluster(cluster, request.path.cluster, request.deadline);
    const mayDescribe = mayOn(request, 'consumer_groups');
    const described = await describeConsumerGroups(cluster, request.deadline, (group) => mayDescribe('describe', group));
    return respond(new GroupResources(request, request.path.cluster).groups(described));
  },
});

const ofGroup = <Key extends Exclude<GroupRoute, LagRoute>>(key: Key, describe: (place: Place<Key>) => Promise<object>) =>
  route(key, {
    operation: 'describe',
    offers: jsonOnly,
    names: namesOf,
    async answer({ request, cluster: kafka }) {
      const { cluster: id }: { cluster: string } = request.path;
      await requireCluster(kafka, id, request.deadline);
      return respond(await describe({ request, kafka, resources: new GroupResources(request, id) }));
    },
  });

/** Without a topic in the path, the router's filler is the empty string. */
const namesOf = ({ group, topic = '' }: { group: string; topic?: string }) => ({
  groups: [group],
  topics: topic === '' ? [] : [topic],
});

export const group = ofGroup('GET /v3/clusters/{cluster}/consumer-groups/{group}', async ({ request, kafka, resources }) => {
  const name = request.path.group;
  return resources.group({ group: name, ...(await describeGroup(kafka, name, request.deadline)) });
});

export const consumers = ofGroup('GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers', async ({ request, kafka, resources }) => {
  const { members } = await describeGroup(kafka, request.path.group, request.deadline);
  return resources.consumers(request.path.group, members);
});

export const consumer = ofGroup('GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}', async (place) =>
  place.resources.consumer(place.request.path.group, await memberOf(place)),
);

/** Only of topics that the caller may describe. */
export const assignments = ofGroup('GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments', async (place) => {
  const mayDescribe = mayOn(place.request, 'topics');
  const all = assignmentsOf(await memberOf(place));
  const { group: name, consumer: id } = place.request.path;
  return place.resources.assignments(
    name,
    id,
    all.filter(({ topic }) => mayDescribe('describe', topic)),
  );
});

export const assignment = ofGroup(
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/consumers/{consumer}/assignments/{topic}/partitions/{partition}',
  async (place) => {
    const { group: name, consumer: id, topic, partition } = place.request.path;
    const found = assignmentsOf(await memberOf(place)).find((one) => one.topic === topic && one.partition === partition);
    if (found === undefined) throw assignmentNotFound(partition, topic);
    return place.resources.assignment(name, id, found);
  },
);

type ConsumerRoute = Extract<GroupRoute, `${string}{consumer}${string}`>;

async function memberOf({ request, kafka }: Place<ConsumerRoute>): Promise<GroupMember> {
  const { members } = await describeGroup(kafka, request.path.group, request.deadline);
  const found = members.find(({ memberId }) => memberId === request.path.consumer);
  if (found === undefined) throw consumerNotFound();
  return found;
}

const assignmentsOf = ({ assignment: topics }: GroupMember): { topic: string; partition: number }[] =>
  (topics ?? []).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));

/** A route about lags: of the topics that the caller may describe, sorted by topic and partition. */
const ofLags = <Key extends LagRoute>(
  key: Key,
  isAsked: (path: GatewayRequest<Key>['path'], offset: CommittedOffset) => boolean,
  show: (resources: GroupResources, group: string, lags: [Lag, ...Lag[]]) => object,
) =>
  route(key, {
    operation: 'describe',
    offers: jsonOnly,
    names: namesOf,
    async find({ request, cluster }) {
      const { cluster: id, group: name }: { cluster: string; group: string } = request.path;
      await requireCluster(cluster, id, request.deadline);
      const mayDescribe = mayOn(request, 'topics');
      const committed = await existingOffsets(cluster, name, request.deadline);
      return committed.filter((one) => mayDescribe('describe', one.topic) && isAsked(request.path, one));
    },
    topicsFound: ({ found }) => [...new Set(found.map(({ topic }) => topic))],
    async answer({ request, cluster, found }) {
      const { cluster: id, group: name }: { cluster: string; group: string } = request.path;
      const [described, offsets] = await Promise.all([
        describeGroup(cluster, name, request.deadline),
        offsetsWithEnds(cluster, found, request.deadline),
      ]);
      const readerOf = readersIn(described.members);
      const [first, ...others] = offsets.flatMap(({ topic, partition, offset, end }): Lag[] =>
        end === null ? [] : [{ topic, partition, offset, end, member: readerOf(topic, partition) }],
      );
      if (first === undefined) throw groupOffsetsNotFound();
      return respond(show(new GroupResources(request, id), name, [first, ...others]));
    },
  });

/** Which member reads a partition; null if none does. */
function readersIn(members: readonly GroupMember[]): (topic: string, partition: number) => GroupMember | null {
  const readers = new Map<string, Map<number, GroupMember>>();
  for (const member of members) {
    for (const { topic, partitions } of member.assignment ?? []) {
      const ofTopic = readers.get(topic) ?? new Map<number, GroupMember>();
      readers.set(topic, ofTopic);
      for (const partition of partitions) ofTopic.set(partition, member);
    }
  }
  return (topic, partition) => readers.get(topic)?.get(partition) ?? null;
}

export const lags = ofLags(
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags',
  () => true,
  (resources, name, found) => resources.lags(name, found),
);

export const lag = ofLags(
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lags/{topic}/partitions/{partition}',
  ({ topic, partition }, one) => one.topic === topic && one.partition === partition,
  (resources, name, [found]) => resources.lag(name, found),
);

export const lagSummary = ofLags(
  'GET /v3/clusters/{cluster}/consumer-groups/{group}/lag-summary',
  () => true,
  (resources, name, found) => resources.lagSummary(name, found),
);
