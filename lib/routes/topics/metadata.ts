import { mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { genericTypes } from '../../http/media-types.ts';
import { describePartitions, listBrokers, listTopics, type PartitionMetadata, topicConfigs } from '../../kafka/topics/describe-topics.ts';
import { partitionNotFound } from '../../messages/topics.ts';

const namesTopic = ({ topic }: { topic: string }) => ({ topics: [topic] });
const json = (content: object) => ({ body: JSON.stringify(content) });

/** The ids of the available brokers. */
export const brokers = route('GET /brokers', {
  operation: 'describe',
  offers: genericTypes,
  answer: async ({ request, cluster }) => json({ brokers: await listBrokers(cluster, request.deadline) }),
});

/** Names of the topics that the caller may describe. */
export const topics = route('GET /topics', {
  operation: 'describe',
  offers: genericTypes,
  async answer({ request, cluster }) {
    const mayDescribe = mayOn(request, 'topics');
    const all = await listTopics(cluster, request.deadline);
    return json(all.filter((name) => mayDescribe('describe', name)));
  },
});

/** A topic with its settings and partitions. */
export const topic = route('GET /topics/{topic}', {
  operation: 'describe',
  offers: genericTypes,
  names: namesTopic,
  async answer({ request: { path, deadline }, cluster }) {
    const [described, configs] = await Promise.all([
      describePartitions(cluster, path.topic, deadline),
      topicConfigs(cluster, path.topic, deadline),
    ]);
    return json({ name: path.topic, configs, partitions: described.map(showPartition) });
  },
});

/** The partitions of a topic. */
export const partitions = route('GET /topics/{topic}/partitions', {
  operation: 'describe',
  offers: genericTypes,
  names: namesTopic,
  async answer({ request: { path, deadline }, cluster }) {
    return json((await describePartitions(cluster, path.topic, deadline)).map(showPartition));
  },
});

/** One partition. */
export const partition = route('GET /topics/{topic}/partitions/{partition}', {
  operation: 'describe',
  offers: genericTypes,
  names: namesTopic,
  async answer({ request: { path, deadline }, cluster }) {
    const described = await describePartitions(cluster, path.topic, deadline);
    const found = described.find(({ id }) => id === path.partition);
    if (found === undefined) throw partitionNotFound(path.topic, path.partition, described.length);
    return json(showPartition(found));
  },
});

const showPartition = ({ id, leader, replicas, inSyncReplicas }: PartitionMetadata) => ({
  partition: id,
  leader,
  replicas: replicas.map((broker) => ({ broker, leader: broker === leader, in_sync: inSyncReplicas.includes(broker) })),
});
