import packageJson from '../../../package.json' with { type: 'json' };
import { allow, mayOn } from '../../admission/grants.ts';
import { countAgainstLimits } from '../../admission/limits.ts';
import { kafkaCluster } from '../../clusters/kafka-cluster.ts';
import { genericTypes, negotiate } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { describePartitions, listBrokers, listTopics, type PartitionMetadata, topicConfigs } from '../../kafka/topics/describe-topics.ts';
import { partitionNotFound } from '../../messages/topics.ts';

/** Load balancers and monitors want a quick answer. */
const READY_MS = 3000;

/** `GET /` */
export const root = (request: GatewayRequest<'GET /'>): GatewayResponse =>
  respond(request, { name: packageJson.name, version: packageJson.version });

/** `GET /health`: the function runs. */
export const health = (request: GatewayRequest<'GET /health'>): GatewayResponse => respond(request, { status: 'ok' });

/** `GET /health/ready`: Kafka answers; else 503. */
export async function ready(request: GatewayRequest<'GET /health/ready'>): Promise<GatewayResponse> {
  const deadline = Math.min(request.deadline, Date.now() + READY_MS);
  const brokers = await listBrokers(await kafkaCluster(request, deadline), deadline);
  return respond(request, { status: 'ready', brokers: brokers.length });
}

/** `GET /brokers` */
export async function brokers(request: GatewayRequest<'GET /brokers'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  await countAgainstLimits(request, 'describe', []);
  return respond(request, { brokers: await listBrokers(cluster, request.deadline) });
}

/** `GET /topics`: those that the caller may describe. */
export async function topics(request: GatewayRequest<'GET /topics'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  await countAgainstLimits(request, 'describe', []);
  const mayDescribe = mayOn(request, 'topics');
  const all = await listTopics(cluster, request.deadline);
  return respond(
    request,
    all.filter((name) => mayDescribe('describe', name)),
  );
}

/** `GET /topics/{topic}` */
export async function topic(request: GatewayRequest<'GET /topics/{topic}'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const name = request.path.topic;
  allow(request, 'describe', name);
  await countAgainstLimits(request, 'describe', [request.path]);
  const [described, configs] = await Promise.all([
    describePartitions(cluster, name, request.deadline),
    topicConfigs(cluster, name, request.deadline),
  ]);
  return respond(request, { name, configs, partitions: described.map(showPartition) });
}

/** `GET /topics/{topic}/partitions` */
export async function partitions(request: GatewayRequest<'GET /topics/{topic}/partitions'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const name = request.path.topic;
  allow(request, 'describe', name);
  await countAgainstLimits(request, 'describe', [request.path]);
  const described = await describePartitions(cluster, name, request.deadline);
  return respond(request, described.map(showPartition));
}

/** `GET /topics/{topic}/partitions/{partition}` */
export async function partition(request: GatewayRequest<'GET /topics/{topic}/partitions/{partition}'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const { topic: name, partition: wanted } = request.path;
  allow(request, 'describe', name);
  await countAgainstLimits(request, 'describe', [request.path]);
  const described = await describePartitions(cluster, name, request.deadline);
  const found = described.find(({ id }) => id === wanted);
  if (found === undefined) throw partitionNotFound(name, wanted, described.length);
  return respond(request, showPartition(found));
}

const showPartition = ({ id, leader, replicas, inSyncReplicas }: PartitionMetadata) => ({
  partition: id,
  leader,
  replicas: replicas.map((broker) => ({ broker, leader: broker === leader, in_sync: inSyncReplicas.includes(broker) })),
});

function respond(request: GatewayRequest, content: object): GatewayResponse {
  return { mediaType: negotiate(request.headers.accept, genericTypes), body: JSON.stringify(content) };
}
