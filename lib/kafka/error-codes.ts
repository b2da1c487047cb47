import type { GatewayError } from '../errors.ts';
import * as messages from '../messages/kafka.ts';
import { type Message, withRemark } from '../messages/message.ts';

/** Kafka's error codes that this code refers to by name. */
export const NONE = 0;
export const OFFSET_OUT_OF_RANGE = 1;
export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const LEADER_NOT_AVAILABLE = 5;
export const NOT_LEADER = 6;
export const REQUEST_TIMED_OUT = 7;
export const MESSAGE_TOO_LARGE = 10;
export const COORDINATOR_NOT_AVAILABLE = 15;
export const NOT_COORDINATOR = 16;
export const RECORD_LIST_TOO_LARGE = 18;
export const UNKNOWN_MEMBER_ID = 25;
export const OUT_OF_ORDER_SEQUENCE = 45;
export const DUPLICATE_SEQUENCE = 46;
export const UNKNOWN_PRODUCER_ID = 59;
export const GROUP_ID_NOT_FOUND = 69;
export const UNSTABLE_OFFSET_COMMIT = 88;
export const FENCED_MEMBER_EPOCH = 110;

/**
 * Kafka's name for each of its error codes, and the client's error for it; a code that is not here is `KafkaRefused`.
 *
 * @see https://kafka.apache.org/protocol#protocol_error_codes
 */
const table: Readonly<Record<number, readonly [kafka: string, Message<[]>]>> = {
  1: ['OFFSET_OUT_OF_RANGE', messages.offsetOutOfRange],
  2: ['CORRUPT_MESSAGE', messages.partitionUnavailable],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', messages.someTopicNotFound],
  5: ['LEADER_NOT_AVAILABLE', messages.partitionUnavailable],
  6: ['NOT_LEADER_OR_FOLLOWER', messages.partitionUnavailable],
  7: ['REQUEST_TIMED_OUT', messages.partitionUnavailable],
  8: ['BROKER_NOT_AVAILABLE', messages.partitionUnavailable],
  9: ['REPLICA_NOT_AVAILABLE', messages.partitionUnavailable],
  10: ['MESSAGE_TOO_LARGE', messages.recordTooLarge],
  12: ['OFFSET_METADATA_TOO_LARGE', messages.offsetMetadataTooLarge],
  13: ['NETWORK_EXCEPTION', messages.partitionUnavailable],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', messages.groupUnavailable],
  15: ['COORDINATOR_NOT_AVAILABLE', messages.groupUnavailable],
  16: ['NOT_COORDINATOR', messages.groupUnavailable],
  17: ['INVALID_TOPIC_EXCEPTION', messages.topicNameRefused],
  18: ['RECORD_LIST_TOO_LARGE', messages.recordLargerThanSegment],
  19: ['NOT_ENOUGH_REPLICAS', messages.partitionUnavailable],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', messages.partitionUnavailable],
  22: ['ILLEGAL_GENERATION', messages.groupInUse],
  24: ['INVALID_GROUP_ID', messages.groupNameRefused],
  25: ['UNKNOWN_MEMBER_ID', messages.groupInUse],
  27: ['REBALANCE_IN_PROGRESS', messages.groupInUse],
  28: ['INVALID_COMMIT_OFFSET_SIZE', messages.commitTooLarge],
  29: ['TOPIC_AUTHORIZATION_FAILED', messages.topicNotAuthorized],
  30: ['GROUP_AUTHORIZATION_FAILED', messages.groupNotAuthorized],
  31: ['CLUSTER_AUTHORIZATION_FAILED', messages.clusterNotAuthorized],
  32: ['INVALID_TIMESTAMP', messages.timestampRefused],
  36: ['TOPIC_ALREADY_EXISTS', messages.topicExists],
  37: ['INVALID_PARTITIONS', messages.partitionsRefused],
  38: ['INVALID_REPLICATION_FACTOR', messages.replicationRefused],
  39: ['INVALID_REPLICA_ASSIGNMENT', messages.replicasRefused],
  40: ['INVALID_CONFIG', messages.configRefused],
  41: ['NOT_CONTROLLER', messages.partitionUnavailable],
  42: ['INVALID_REQUEST', messages.requestRefused],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', messages.messageFormatTooOld],
  44: ['POLICY_VIOLATION', messages.policyViolated],
  56: ['KAFKA_STORAGE_ERROR', messages.partitionUnavailable],
  68: ['NON_EMPTY_GROUP', messages.groupInUse],
  69: ['GROUP_ID_NOT_FOUND', messages.groupNotFound],
  72: ['LISTENER_NOT_FOUND', messages.partitionUnavailable],
  73: ['TOPIC_DELETION_DISABLED', messages.deletionDisabled],
  74: ['FENCED_LEADER_EPOCH', messages.partitionUnavailable],
  75: ['UNKNOWN_LEADER_EPOCH', messages.partitionUnavailable],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', messages.compressionRefused],
  78: ['OFFSET_NOT_AVAILABLE', messages.partitionUnavailable],
  81: ['GROUP_MAX_SIZE_REACHED', messages.groupFull],
  86: ['GROUP_SUBSCRIBED_TO_TOPIC', messages.topicInUse],
  87: ['INVALID_RECORD', messages.recordRefused],
  88: ['UNSTABLE_OFFSET_COMMIT', messages.offsetsInTransaction],
  89: ['THROTTLING_QUOTA_EXCEEDED', messages.quotaExceeded],
  110: ['FENCED_MEMBER_EPOCH', messages.groupInUse],
  113: ['STALE_MEMBER_EPOCH', messages.groupInUse],
};

/**
 * Turns an error code of Kafka into the client's error.
 *
 * @param remark added to the message: which value it was
 */
export function kafkaError(code: number, remark?: string): GatewayError {
  const [kafka, message] = table[code] ?? [`error ${code}`, null];
  const cause = new KafkaAnswer(kafka, code);
  const error = message === null ? messages.kafkaRefused.with({ cause }, code) : message.with({ cause });
  return remark ? withRemark(error, remark) : error;
}

const TOPIC_AUTHORIZATION_FAILED = 29;

/** Kafka's error for records to a topic that their sender may not write to. */
export const topicAuthorizationFailed = (): GatewayError => kafkaError(TOPIC_AUTHORIZATION_FAILED);

/** Kafka's answer: the cause of the errors that it leads to. */
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
export const isPassing = (code: number): boolean => table[code]?.[1].error === 'KafkaUnavailable';
