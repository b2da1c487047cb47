import { mayOn } from '../../../admission/grants.ts';
import { route } from '../../../admission/route.ts';
import type { RouteKey } from '../../../http/api.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { Cluster } from '../../../kafka/cluster/cluster.ts';
import { describeCluster } from '../../../kafka/topics/describe-cluster.ts';
import {
  describePartitions,
  describeTopic,
  describeTopicConfigs,
  describeTopics,
  type PartitionMetadata,
  type TopicConfig,
} from '../../../kafka/topics/describe-topics.ts';
import { partitionNotFound } from '../../../messages/topics.ts';
import { brokerMissing, replicaNotFound, settingNotFound } from '../../../messages/v3.ts';
import { Resources } from './resources.ts';
import { jsonOnly, requireCluster, respond } from './respond.ts';

/** Routes about one topic or a part of it. */
type TopicRoute = Extract<RouteKey, `GET /v3/clusters/{cluster}/topics/{topic}${string}`>;
type ClusterRoute = Exclude<Extract<RouteKey, `GET /v3/clusters/{cluster}${string}`>, TopicRoute>;
type PartitionRoute = Extract<TopicRoute, `${string}{partition}${string}`>;

/** The parts from which a response is made. */
interface Place<Key extends RouteKey> {
  request: GatewayRequest<Key>;
  kafka: Cluster;
  resources: Resources;
}

/** A route about the cluster in its path, and no topic in particular. */
const ofCluster = <Key extends ClusterRoute>(key: Key, describe: (place: Place<Key>) => Promise<object>) =>
  route(key, { operation: 'describe', offers: jsonOnly, answer: answering(describe) });

/** A route about one topic of the cluster. */
const ofTopic = <Key extends TopicRoute>(key: Key, describe: (place: Place<Key>) => Promise<object>) =>
  route(key, {
    operation: 'describe',
    offers: jsonOnly,
    names: ({ topic }: { topic: string }) => ({ topics: [topic] }),
    answer: answering(describe),
  });

const answering =
  <Key extends ClusterRoute | TopicRoute>(describe: (place: Place<Key>) => Promise<object>) =>
  async ({ request, cluster: kafka }: { request: GatewayRequest<Key>; cluster: Cluster }) => {
    const { cluster: id }: { cluster: string } = request.path;
    await requireCluster(kafka, id, request.deadline);
    return respond(await describe({ request, kafka, resources: new Resources(request, id) }));
  };

/** The cluster, as a list of one. */
export const clusters = route('GET /v3/clusters', {
  operation: 'describe',
  offers: jsonOnly,
  async answer({ request, cluster: kafka }) {
    const described = await describeCluster(kafka, request.deadline);
    return respond(new Resources(request, described.id).clusters(described));
  },
});

export const cluster = ofCluster('GET /v3/clusters/{cluster}', async ({ request, kafka, resources }) =>
  resources.cluster(await describeCluster(kafka, request.deadline)),
);

export const brokers = ofCluster('GET /v3/clusters/{cluster}/brokers', async ({ request, kafka, resources }) =>
  resources.brokers((await describeCluster(kafka, request.deadline)).brokers),
);

export const broker = ofCluster('GET /v3/clusters/{cluster}/brokers/{broker}', async ({ request, kafka, resources }) => {
  const wanted = request.path.broker;
  const { brokers: ids } = await describeCluster(kafka, request.deadline);
  if (!ids.includes(wanted)) throw brokerMissing(wanted);
  return resources.broker(wanted);
});

/** The topics that the caller may describe. */
export const topics = ofCluster('GET /v3/clusters/{cluster}/topics', async ({ request, kafka, resources }) => {
  const mayDescribe = mayOn(request, 'topics');
  const all = await describeTopics(kafka, request.deadline);
  return resources.topics(all.filter(({ name }) => mayDescribe('describe', name)));
});

export const topic = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}', async ({ request, kafka, resources }) =>
  resources.topic(await describeTopic(kafka, request.path.topic, request.deadline)),
);

/** Sorted by name. */
export const configs = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/configs', async (place) =>
  place.resources.configs(place.request.path.topic, await configsOf(place)),
);

export const config = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}', async (place) => {
  const { topic: name, config: wanted } = place.request.path;
  const found = (await configsOf(place)).find((one) => one.name === wanted);
  if (found === undefined) throw settingNotFound(name, wanted);
  return place.resources.config(name, found);
});

export const partitions = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/partitions', async ({ request, kafka, resources }) =>
  resources.partitions(request.path.topic, await describePartitions(kafka, request.path.topic, request.deadline)),
);

export const partition = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}', async (place) =>
  place.resources.partition(place.request.path.topic, await partitionOf(place)),
);

export const replicas = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas', async (place) =>
  place.resources.replicas(place.request.path.topic, await partitionOf(place)),
);

export const replica = ofTopic('GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}', async (place) => {
  const { topic: name, partition: number, broker: wanted } = place.request.path;
  const found = await partitionOf(place);
  if (!found.replicas.includes(wanted)) throw replicaNotFound(number, name, wanted);
  return place.resources.replica(name, found, wanted);
});

async function configsOf({ request, kafka }: Place<Extract<TopicRoute, `${string}/configs${string}`>>): Promise<TopicConfig[]> {
  const found = await describeTopicConfigs(kafka, request.path.topic, request.deadline);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function partitionOf({ request, kafka }: Place<PartitionRoute>): Promise<PartitionMetadata> {
  const { topic: name, partition: wanted } = request.path;
  const described = await describePartitions(kafka, name, request.deadline);
  const found = described.find(({ id }) => id === wanted);
  if (found === undefined) throw partitionNotFound(name, wanted, described.length);
  return found;
}
