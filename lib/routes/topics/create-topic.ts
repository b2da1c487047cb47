import { route } from '../../admission/route.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import { isObject } from '../../json/json-members.ts';
import { createTopic as createInKafka, type NewTopic } from '../../kafka/topics/create-topic.ts';
import { MAX_INT32, MAX_REPLICAS } from '../../limits-of-protocol.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { fieldUnknown } from '../../messages/requests.ts';
import { quote } from '../../quote.ts';
import { topicName } from '../../topic-name.ts';
import { countOrDefault, topicSetting } from './new-topic.ts';

/** The body: `{"topic_name", "partitions_count"?, "replication_factor"?, "configs"?}`. */
export const createTopic = route('POST /admin/topics', {
  operation: 'create',
  offers: genericTypes,
  read: async (request) => readNewTopic(await readJson(request)),
  more: ({ content }) => ({ topics: [content.name] }),
  async answer({ request, cluster, content }) {
    await createInKafka(cluster, content, request.deadline);
    return { status: 201, body: '{}' };
  },
});

/**
 * Reads the body. The broker chooses what is absent or null.
 *
 * @throws {GatewayError} InvalidRecord with the field
 */
export function readNewTopic(json: unknown): NewTopic {
  if (!isObject(json)) throw placeInvalid('The body', 'a JSON object with topic_name');
  const { topic_name: name, partitions_count: partitions, replication_factor: replicationFactor, configs, ...others } = json;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fieldUnknown(unknown);
  if (typeof name !== 'string') throw placeInvalid('topic_name', 'a string');
  return {
    name: topicName(name),
    partitions: countOrDefault(partitions, 'partitions_count', MAX_INT32),
    replicationFactor: countOrDefault(replicationFactor, 'replication_factor', MAX_REPLICAS),
    configs: readConfigs(configs ?? {}),
  };
}

function readConfigs(configs: unknown): Record<string, string> {
  if (!isObject(configs)) throw placeInvalid('configs', 'an object of names and values');
  const settings: [string, string][] = [];
  for (const [name, value] of Object.entries(configs)) {
    if (value === null) continue;
    if (typeof value === 'object') throw placeInvalid(quote(`configs.${name}`), 'a string, a number or a boolean');
    settings.push(topicSetting(name, value));
  }
  return Object.fromEntries(settings);
}
