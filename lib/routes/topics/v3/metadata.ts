import { allow, mayOn } from '../../../admission/grants.ts';
import { countAgainstLimits } from '../../../admission/limits.ts';
import { kafkaCluster } from '../../../clusters/kafka-cluster.ts';
import type { RouteKey } from '../../../http/api.ts';
import type { GatewayRequest } from '../../../http/request.ts';
import type { GatewayResponse } from '../../../http/response.ts';
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
import { requireCluster, respond } from './cluster.ts';
import { Resources } from './resources.ts';

/** Routes that are about one topic, or something of it. */
type TopicRoute = Extract<RouteKey, `GET /v3/clusters/{cluster}/topics/{topic}${string}`>;
type ClusterRoute = Exclude<Extract<RouteKey, `GET /v3/clusters/{cluster}${string}`>, TopicRoute>;
type PartitionRoute = Extract<TopicRoute, `${string}{partition}${string}`>;

/** `GET /v3/clusters` */
export async function clusters(request: GatewayRequest<'GET /v3/clusters'>): Promise<GatewayResponse> {
  const kafka = await kafkaCluster(request);
  await countAgainstLimits(request, 'describe', []);
  const described = await describeCluster(kafka, request.deadline);
  return respond(request, new Resources(request, described.id).clusters(described));
}

/** `GET /v3/clusters/{cluster}` */
export async function cluster(request: GatewayRequest<'GET /v3/clusters/{cluster}'>): Promise<GatewayResponse> {
  const kafka = await clusterNamed(request);
  const described = await describeCluster(kafka, request.deadline);
  return respond(request, resourcesOf(request).cluster(described));
}

/** `GET /v3/clusters/{cluster}/brokers` */
export async function brokers(request: GatewayRequest<'GET /v3/clusters/{cluster}/brokers'>): Promise<GatewayResponse> {
  return respond(request, resourcesOf(request).brokers(await brokersOf(request)));
}

/** `GET /v3/clusters/{cluster}/brokers/{broker}` */
export async function broker(request: GatewayRequest<'GET /v3/clusters/{cluster}/brokers/{broker}'>): Promise<GatewayResponse> {
  const wanted = request.path.broker;
  if (!(await brokersOf(request)).includes(wanted)) throw brokerMissing(wanted);
  return respond(request, resourcesOf(request).broker(wanted));
}

/** `GET /v3/clusters/{cluster}/topics`: those that the caller may describe. */
export async function topics(request: GatewayRequest<'GET /v3/clusters/{cluster}/topics'>): Promise<GatewayResponse> {
  const kafka = await clusterNamed(request);
  const mayDescribe = mayOn(request, 'topics');
  const all = await describeTopics(kafka, request.deadline);
  return respond(request, resourcesOf(request).topics(all.filter(({ name }) => mayDescribe('describe', name))));
}

/** `GET /v3/clusters/{cluster}/topics/{topic}` */
export async function topic(request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}'>): Promise<GatewayResponse> {
  const described = await describeTopic(await clusterWithTopic(request), request.path.topic, request.deadline);
  return respond(request, resourcesOf(request).topic(described));
}

/** `GET …/topics/{topic}/configs`, sorted by name */
export async function configs(request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/configs'>): Promise<GatewayResponse> {
  return respond(request, resourcesOf(request).configs(request.path.topic, await configsOf(request)));
}

/** `GET …/topics/{topic}/configs/{config}` */
export async function config(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}'>,
): Promise<GatewayResponse> {
  const { topic, config: wanted } = request.path;
  const found = (await configsOf(request)).find(({ name }) => name === wanted);
  if (found === undefined) throw settingNotFound(topic, wanted);
  return respond(request, resourcesOf(request).config(topic, found));
}

/** `GET …/topics/{topic}/partitions` */
export async function partitions(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/partitions'>,
): Promise<GatewayResponse> {
  const described = await describePartitions(await clusterWithTopic(request), request.path.topic, request.deadline);
  return respond(request, resourcesOf(request).partitions(request.path.topic, described));
}

/** `GET …/partitions/{partition}` */
export async function partition(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}'>,
): Promise<GatewayResponse> {
  return respond(request, resourcesOf(request).partition(request.path.topic, await partitionOf(request)));
}

/** `GET …/partitions/{partition}/replicas` */
export async function replicas(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas'>,
): Promise<GatewayResponse> {
  return respond(request, resourcesOf(request).replicas(request.path.topic, await partitionOf(request)));
}

/** `GET …/partitions/{partition}/replicas/{broker}` */
export async function replica(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}'>,
): Promise<GatewayResponse> {
  const { topic, partition: number, broker: wanted } = request.path;
  const found = await partitionOf(request);
  if (!found.replicas.includes(wanted)) throw replicaNotFound(number, topic, wanted);
  return respond(request, resourcesOf(request).replica(topic, found, wanted));
}

const resourcesOf = (request: GatewayRequest<Exclude<RouteKey, 'GET /v3/clusters'> & `GET /v3/${string}`>): Resources =>
  new Resources(request, request.path.cluster);

/** The cluster, when it is the one that the path names, for requests about no topic in particular. */
async function clusterNamed(request: GatewayRequest<ClusterRoute>): Promise<Cluster> {
  const kafka = await kafkaCluster(request);
  await countAgainstLimits(request, 'describe', []);
  await requireCluster(kafka, request.path.cluster, request.deadline);
  return kafka;
}

async function brokersOf(
  request: GatewayRequest<'GET /v3/clusters/{cluster}/brokers' | 'GET /v3/clusters/{cluster}/brokers/{broker}'>,
): Promise<number[]> {
  const kafka = await clusterNamed(request);
  return (await describeCluster(kafka, request.deadline)).brokers;
}

async function clusterWithTopic(request: GatewayRequest<TopicRoute>): Promise<Cluster> {
  const kafka = await kafkaCluster(request);
  allow(request, 'describe', request.path.topic);
  await countAgainstLimits(request, 'describe', [request.path]);
  await requireCluster(kafka, request.path.cluster, request.deadline);
  return kafka;
}

async function configsOf(request: GatewayRequest<Extract<TopicRoute, `${string}/configs${string}`>>): Promise<TopicConfig[]> {
  const found = await describeTopicConfigs(await clusterWithTopic(request), request.path.topic, request.deadline);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function partitionOf(request: GatewayRequest<PartitionRoute>): Promise<PartitionMetadata> {
  const { topic: name, partition: wanted } = request.path;
  const described = await describePartitions(await clusterWithTopic(request), name, request.deadline);
  const found = described.find(({ id }) => id === wanted);
  if (found === undefined) throw partitionNotFound(name, wanted, described.length);
  return found;
}
