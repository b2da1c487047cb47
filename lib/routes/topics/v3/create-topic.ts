import { route } from '../../../admission/route.ts';
import { GatewayError } from '../../../errors.ts';
import { readJson } from '../../../http/json-body.ts';
import { integerWithin } from '../../../integer.ts';
import { isObject } from '../../../json/json-members.ts';
import { createTopic as createInKafka, type NewTopic, validateTopic } from '../../../kafka/topics/create-topic.ts';
import { MAX_INT32, MAX_REPLICAS } from '../../../limits-of-protocol.ts';
import { placeInvalid } from '../../../messages/produce.ts';
import { fieldUnknown } from '../../../messages/requests.ts';
import { topicNameMissing } from '../../../messages/topics.ts';
import { topicAlreadyExists, topicNameInvalidV3 } from '../../../messages/v3.ts';
import { topicName } from '../../../topic-name.ts';
import { countOrDefault, topicSetting } from '../new-topic.ts';
import { Resources } from './resources.ts';
import { jsonOnly, requireCluster, respond } from './respond.ts';

/** Responds with the new topic and its URL; with `validate_only`, with what the topic would be. */
export const createTopic = route('POST /v3/clusters/{cluster}/topics', {
  operation: 'create',
  offers: jsonOnly,
  read: async (request) => readTopicRequest(await readJson(request)),
  more: ({ content: { topic } }) => ({ topics: [topic.name] }),
  async answer({ request, cluster, content: { topic, validateOnly } }) {
    await requireCluster(cluster, request.path.cluster, request.deadline);
    const resources = new Resources(request, request.path.cluster);
    if (validateOnly) {
      await asV3(topic.name, validateTopic(cluster, topic, request.deadline));
      return respond(resources.topic({ name: topic.name, internal: false, partitions: [] }));
    }
    const partitions = await asV3(topic.name, createInKafka(cluster, topic, request.deadline));
    const created = resources.topic({ name: topic.name, internal: false, partitions });
    return { ...respond(created, 201), headers: { location: created.metadata.self } };
  },
});

/** In v3, an existing topic is a bad argument. */
async function asV3<T>(name: string, creating: Promise<T>): Promise<T> {
  try {
    return await creating;
  } catch (cause) {
    if (!(cause instanceof GatewayError) || cause.name !== 'TopicExists') throw cause;
    throw topicAlreadyExists.with({ cause }, name);
  }
}

/**
 * Reads the body. The broker chooses what is absent or null.
 *
 * @throws {GatewayError} BadRequest without a name; InvalidPayload for an illegal one; InvalidRecord with any other field
 */
function readTopicRequest(json: unknown): { topic: NewTopic; validateOnly: boolean } {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object with topic_name');
  const { topic_name: name, partitions_count, replication_factor, replicas_assignments, configs, validate_only, ...others } = json;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fieldUnknown(unknown);
  if (typeof name !== 'string') throw topicNameMissing();
  if (typeof (validate_only ?? false) !== 'boolean') throw placeInvalid('validate_only', 'true or false');
  const replicas = readReplicas(replicas_assignments ?? {});
  const counts = {
    partitions: countOrDefault(partitions_count, 'partitions_count', MAX_INT32),
    replicationFactor: countOrDefault(replication_factor, 'replication_factor', MAX_REPLICAS),
  };
  return {
    topic: {
      name: legalName(name),
      ...(replicas.length === 0 ? counts : { partitions: -1, replicationFactor: -1, replicas }),
      configs: readConfigs(configs ?? []),
    },
    validateOnly: validate_only === true,
  };
}

function legalName(name: string): string {
  try {
    return topicName(name);
  } catch (cause) {
    throw topicNameInvalidV3.with({ cause });
  }
}

/** `{"0": [1, 2]}`: the brokers of each partition. */
function readReplicas(assignments: unknown): NonNullable<NewTopic['replicas']> {
  if (!isObject(assignments)) throw placeInvalid('replicas_assignments', 'an object of partitions and lists of brokers');
  return Object.entries(assignments).map(([partition, brokers]) => {
    return { partition: int32(partition), brokers: (Array.isArray(brokers) ? brokers : [null]).map(int32) };
  });
}

function int32(value: unknown): number {
  const integer = integerWithin(value, 0, MAX_INT32);
  if (integer === null) throw placeInvalid('replicas_assignments', 'a list of broker ids for each partition, such as {"0": [1, 2]}');
  return integer;
}

/** `[{"name", "value"}]`; the broker chooses a value that is null. */
function readConfigs(configs: unknown): Record<string, string> {
  if (!Array.isArray(configs)) throw placeInvalid('configs', 'an array of {"name", "value"}');
  const settings: [string, string][] = [];
  for (const config of configs) {
    const { name, value = null, ...others } = isObject(config) ? config : {};
    const isText = value === null || typeof value !== 'object';
    if (typeof name !== 'string' || !isText || Object.keys(others).length > 0) {
      throw placeInvalid('configs', 'an array of {"name": string, "value": string}');
    }
    if (value !== null) settings.push(topicSetting(name, value));
  }
  return Object.fromEntries(settings);
}
