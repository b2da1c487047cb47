import { GatewayError } from '../errors.ts';
import { genericTypes, negotiate } from '../http/media-types.ts';
import { topicName } from '../http/path-parameters.ts';
import { quote } from '../http/quote.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { createTopic as createInKafka, type NewTopic } from '../kafka/create-topic.ts';
import { refuseInternal } from '../kafka/internal-topics.ts';
import { kafkaCluster } from '../kafka-cluster.ts';
import { allow } from './access.ts';
import { countAgainstLimits } from './limits.ts';

const MAX_PARTITIONS = 2 ** 31 - 1;
/** What Kafka's protocol can carry of a text. */
const MAX_TEXT = 2 ** 15 - 1;
const MAX_REPLICAS = 2 ** 15 - 1;

/** `POST /admin/topics` with `{"topic_name", "partitions_count"?, "replication_factor"?, "configs"?}` */
export async function createTopic(request: GatewayRequest<'POST /admin/topics'>): Promise<GatewayResponse> {
  const cluster = await kafkaCluster(request);
  const mediaType = negotiate(request.headers.accept, genericTypes);
  const topic = readNewTopic(request.json);
  allow(request, 'create', topic.name);
  refuseInternal(topic.name);
  await countAgainstLimits(request, 'create', [{ topic: topic.name }]);
  await createInKafka(cluster, topic, request.deadline);
  return { status: 201, mediaType, body: '{}' };
}

/**
 * Reads the body. What is absent or null is the broker's to choose.
 *
 * @throws {GatewayError} InvalidRecord naming the field
 */
export function readNewTopic(json: unknown): NewTopic {
  if (!isObject(json)) throw invalid('The body must be a JSON object with topic_name');
  const { topic_name: name, partitions_count: partitions, replication_factor: replicationFactor, configs, ...others } = json;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`Unrecognized field: ${quote(unknown)}`);
  if (typeof name !== 'string') throw invalid('topic_name must be a string');
  return {
    name: topicName(name),
    partitions: countOr(partitions, 'partitions_count', MAX_PARTITIONS),
    replicationFactor: countOr(replicationFactor, 'replication_factor', MAX_REPLICAS),
    configs: readConfigs(configs ?? {}),
  };
}

function countOr(value: unknown, field: string, max: number): number {
  if (value === undefined || value === null) return -1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw invalid(`${field} must be an integer from 1 to ${max}`);
}

function readConfigs(configs: unknown): Record<string, string> {
  if (!isObject(configs)) throw invalid('configs must be an object of names and values');
  const settings: [string, string][] = [];
  for (const [name, value] of Object.entries(configs)) {
    if (value === null) continue;
    if (typeof value === 'object') throw invalid(`${quote(`configs.${name}`)} must be a string, a number or a boolean`);
    if (Buffer.byteLength(name) > MAX_TEXT || Buffer.byteLength(String(value)) > MAX_TEXT) {
      throw invalid(`configs must have names and values of at most ${MAX_TEXT} bytes`);
    }
    settings.push([name, String(value)]);
  }
  return Object.fromEntries(settings);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const invalid = (message: string): GatewayError => new GatewayError('InvalidRecord', message);
