import { type ErrorName, GatewayError } from '../errors.ts';

/** Kafka's error codes that this code treats by name. */
export const NONE = 0;
export const OFFSET_OUT_OF_RANGE = 1;
export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const LEADER_NOT_AVAILABLE = 5;
export const NOT_LEADER = 6;
export const REQUEST_TIMED_OUT = 7;
export const MESSAGE_TOO_LARGE = 10;
export const OUT_OF_ORDER_SEQUENCE = 45;
export const DUPLICATE_SEQUENCE = 46;
export const UNKNOWN_PRODUCER_ID = 59;

interface Row {
  kafka: string;
  as: ErrorName;
  says: string;
}

const unavailable = (kafka: string): Row => ({
  kafka,
  as: 'KafkaUnavailable',
  says: 'Kafka cannot serve this partition at the moment: try again.',
});
const notCoordinated = (kafka: string): Row => ({
  kafka,
  as: 'KafkaUnavailable',
  says: 'Kafka cannot serve this consumer group at the moment: try again.',
});
const inUse = (kafka: string): Row => ({
  kafka,
  as: 'IllegalState',
  says: 'The consumer group has live members: stop them first. One that died counts until its session times out.',
});
const refused = (kafka: string, says: string): Row => ({ kafka, as: 'KafkaRefused', says });
const forbidden = (kafka: string, what: string): Row => ({ kafka, as: 'Forbidden', says: `Kafka does not authorize this on the ${what}.` });
const invalid = (kafka: string, says: string): Row => ({ kafka, as: 'InvalidArgument', says });

/**
 * What each of Kafka's error codes is to a client of the gateway; a code that is not here is `KafkaRefused`.
 *
 * @see https://kafka.apache.org/protocol#protocol_error_codes
 */
const table: Record<number, Row> = {
  1: invalid('OFFSET_OUT_OF_RANGE', 'The offset is outside the log.'),
  2: unavailable('CORRUPT_MESSAGE'),
  3: { kafka: 'UNKNOWN_TOPIC_OR_PARTITION', as: 'TopicNotFound', says: 'There is no such topic.' },
  5: unavailable('LEADER_NOT_AVAILABLE'),
  6: unavailable('NOT_LEADER_OR_FOLLOWER'),
  7: unavailable('REQUEST_TIMED_OUT'),
  8: unavailable('BROKER_NOT_AVAILABLE'),
  9: unavailable('REPLICA_NOT_AVAILABLE'),
  10: {
    kafka: 'MESSAGE_TOO_LARGE',
    as: 'TooLarge',
    says: "The record is larger than the topic's max.message.bytes: send a smaller one, or raise the limit of the topic.",
  },
  12: invalid('OFFSET_METADATA_TOO_LARGE', 'The metadata of an offset is longer than Kafka takes (offset.metadata.max.bytes).'),
  13: unavailable('NETWORK_EXCEPTION'),
  14: notCoordinated('COORDINATOR_LOAD_IN_PROGRESS'),
  15: notCoordinated('COORDINATOR_NOT_AVAILABLE'),
  16: notCoordinated('NOT_COORDINATOR'),
  17: invalid('INVALID_TOPIC_EXCEPTION', 'Topic names have 1 to 249 characters of a-z, A-Z, 0-9, dot, underscore and hyphen.'),
  18: { kafka: 'RECORD_LIST_TOO_LARGE', as: 'TooLarge', says: "The records are larger than the segments of the topic's log." },
  19: unavailable('NOT_ENOUGH_REPLICAS'),
  20: unavailable('NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
  22: inUse('ILLEGAL_GENERATION'),
  24: invalid('INVALID_GROUP_ID', 'The consumer group cannot have this name.'),
  25: inUse('UNKNOWN_MEMBER_ID'),
  27: inUse('REBALANCE_IN_PROGRESS'),
  28: invalid('INVALID_COMMIT_OFFSET_SIZE', 'The offsets are more than Kafka takes in one commit: send fewer.'),
  29: forbidden('TOPIC_AUTHORIZATION_FAILED', 'topic'),
  30: forbidden('GROUP_AUTHORIZATION_FAILED', 'consumer group'),
  31: forbidden('CLUSTER_AUTHORIZATION_FAILED', 'cluster'),
  32: invalid(
    'INVALID_TIMESTAMP',
    "The record's timestamp is further from now than the topic allows (message.timestamp.before/after.max.ms).",
  ),
  36: { kafka: 'TOPIC_ALREADY_EXISTS', as: 'TopicExists', says: 'A topic of this name exists.' },
  37: invalid('INVALID_PARTITIONS', 'The number of partitions is not one that Kafka takes.'),
  38: invalid('INVALID_REPLICATION_FACTOR', 'The replication factor must be at least 1 and at most the number of brokers.'),
  39: invalid('INVALID_REPLICA_ASSIGNMENT', 'The replicas must be those of partitions from 0 on, each on brokers that there are.'),
  40: invalid('INVALID_CONFIG', 'A setting of the topic is not one that Kafka takes.'),
  41: unavailable('NOT_CONTROLLER'),
  42: invalid('INVALID_REQUEST', 'Kafka takes no such request.'),
  44: { kafka: 'POLICY_VIOLATION', as: 'InvalidArgument', says: "The request violates the cluster's policy." },
  56: unavailable('KAFKA_STORAGE_ERROR'),
  68: inUse('NON_EMPTY_GROUP'),
  69: { kafka: 'GROUP_ID_NOT_FOUND', as: 'GroupNotFound', says: 'There is no such consumer group.' },
  72: unavailable('LISTENER_NOT_FOUND'),
  73: invalid('TOPIC_DELETION_DISABLED', 'This Kafka does not have topics deleted.'),
  74: unavailable('FENCED_LEADER_EPOCH'),
  75: unavailable('UNKNOWN_LEADER_EPOCH'),
  76: refused('UNSUPPORTED_COMPRESSION_TYPE', 'Kafka does not take this compression.'),
  78: unavailable('OFFSET_NOT_AVAILABLE'),
  86: {
    kafka: 'GROUP_SUBSCRIBED_TO_TOPIC',
    as: 'IllegalState',
    says: 'Live members of the consumer group subscribe to the topic: stop them first. One that died counts until its session times out.',
  },
  87: { kafka: 'INVALID_RECORD', as: 'InvalidRecord', says: 'Kafka takes no such record here; a compacted topic, for one, needs keys.' },
  89: { kafka: 'THROTTLING_QUOTA_EXCEEDED', as: 'QuotaExceeded', says: 'The Kafka quota is used up: try again later.' },
  110: inUse('FENCED_MEMBER_EPOCH'),
  113: inUse('STALE_MEMBER_EPOCH'),
};

/**
 * Turns an error code of Kafka into what a client sees.
 *
 * @param remark added to the message: what became of the records, which value was wrong
 */
export function kafkaError(code: number, remark?: string): GatewayError {
  const { kafka, as, says } = table[code] ?? refused(`error ${code}`, `Kafka refused the request (its error ${code}).`);
  return new GatewayError(as, remark ? `${says} ${remark}` : says, { cause: new KafkaAnswer(kafka, code) });
}

const TOPIC_AUTHORIZATION_FAILED = 29;

/** What Kafka says to records for a topic that their sender may not write to. */
export const topicAuthorizationFailed = (): GatewayError => kafkaError(TOPIC_AUTHORIZATION_FAILED);

/** What Kafka answered: the cause of errors that come of it. */
export class KafkaAnswer extends Error {
  /** Kafka's name for it. */
  readonly type: string;
  /** Kafka's number for it. */
  readonly code: number;

  constructor(type: string, code: number) {
    super(`Kafka answered ${type} (${code})`);
    this.type = type;
    this.code = code;
  }
}

/** True when the same request may get another answer from Kafka within seconds, perhaps from another broker. */
export const isPassing = (code: number): boolean => table[code]?.as === 'KafkaUnavailable';

/** Partition unknown, where its topic is known: not in Kafka's own codes, which have one for both. */
export const partitionNotFound = (topic: string, partition: number, count: number): GatewayError =>
  new GatewayError('PartitionNotFound', `Topic ${topic} has no partition ${partition}: it has ${count}, numbered from 0.`);

export const topicNotFound = (topic: string): GatewayError => new GatewayError('TopicNotFound', `There is no topic ${topic}.`);
