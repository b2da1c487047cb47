import { message } from './message.ts';

/** Messages on what Kafka answers, and on the connection to it. */

const OPERATOR = 'ask the operator of the gateway';

export const kafkaUnreachable = /* @__PURE__ */ message('KafkaUnavailable', 'Kafka cannot be reached at the moment', 'try again');
export const kafkaSilent = /* @__PURE__ */ message('DeadlineExceeded', 'Kafka did not answer in time', 'try again');
export const gatewayStoodStill = /* @__PURE__ */ message(
  'DeadlineExceeded',
  'The gateway stood still until the time for this request had run out',
  'try again',
);
export const credentialsRefused = /* @__PURE__ */ message('KafkaAuthentication', "Kafka refuses the gateway's credentials", OPERATOR);
export const credentialsWanted = /* @__PURE__ */ message(
  'KafkaAuthentication',
  'Kafka asks the gateway for credentials, and it has none',
  OPERATOR,
);
export const tlsFailed = /* @__PURE__ */ message('KafkaAuthentication', 'The gateway and Kafka do not agree on TLS', OPERATOR);
export const tokenRefused = /* @__PURE__ */ message('KafkaAuthentication', 'The gateway is refused a token for Kafka', OPERATOR);
export const credentialsUnavailable = /* @__PURE__ */ message(
  'CredentialsUnavailable',
  'The gateway cannot get its credentials for Kafka at the moment',
  'try again',
);
export const secretUnavailable = /* @__PURE__ */ message(
  'CredentialsUnavailable',
  'The gateway cannot read its secret at the moment',
  'try again',
);
export const tokenUnavailable = /* @__PURE__ */ message(
  'CredentialsUnavailable',
  'The gateway cannot get its token for Kafka at the moment',
  'try again',
);
export const quotaUsedUp = /* @__PURE__ */ message(
  'QuotaExceeded',
  'The Kafka quota is used up',
  (seconds: number) => `try again in ${seconds} s`,
);
export const versionTooOld = /* @__PURE__ */ message(
  'KafkaRefused',
  (request: string) => `This Kafka does not support the version of ${request} that the gateway needs`,
  'use Kafka 2.4 or newer',
);

// Error codes of Kafka.
export const offsetOutOfRange = /* @__PURE__ */ message('InvalidArgument', 'The offset is outside the log', 'use one between its ends');
export const partitionUnavailable = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'Kafka cannot serve this partition at the moment',
  'try again',
);
export const someTopicNotFound = /* @__PURE__ */ message('TopicNotFound', 'There is no such topic', 'create it, or check its name');
export const recordTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  "The record is larger than the topic's max.message.bytes",
  'send a smaller one, or raise the limit of the topic',
);
export const offsetMetadataTooLarge = /* @__PURE__ */ message(
  'InvalidArgument',
  'The metadata of an offset is longer than the brokers allow (offset.metadata.max.bytes)',
  'shorten it, or raise that setting to 4096, its default, which consumers and subscriptions need',
);
export const groupUnavailable = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'Kafka cannot serve this consumer group at the moment',
  'try again',
);
export const offsetsInTransaction = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'A transaction of a producer has committed offsets of this consumer group, and has not ended',
  'try again once it has',
);
export const topicNameRefused = /* @__PURE__ */ message(
  'InvalidArgument',
  'Kafka refuses the name of the topic',
  'use 1 to 249 characters of a-z, A-Z, 0-9, dot, underscore and hyphen',
);
export const recordLargerThanSegment = /* @__PURE__ */ message(
  'TooLarge',
  "The record is larger than a segment of the topic's log (segment.bytes)",
  'send a smaller one, or raise the limit of the topic',
);
export const groupFull = /* @__PURE__ */ message(
  'LimitExceeded',
  'The group has as many members as Kafka allows',
  'delete an instance that is no longer needed, and try again',
);
export const groupInUse = /* @__PURE__ */ message(
  'IllegalState',
  'The consumer group has live members, which count until they leave or their sessions time out',
  'stop them first',
);
export const topicInUse = /* @__PURE__ */ message(
  'IllegalState',
  'Live members of the consumer group subscribe to the topic; they count until they leave or their sessions time out',
  'stop them first',
);
export const groupNameRefused = /* @__PURE__ */ message('InvalidArgument', 'The consumer group cannot have this name', 'use another one');
export const commitTooLarge = /* @__PURE__ */ message(
  'InvalidArgument',
  'The offsets are more than Kafka allows in one commit',
  'send fewer',
);
export const topicNotAuthorized = /* @__PURE__ */ message(
  'Forbidden',
  'Kafka does not authorize this on the topic',
  'ask its operator for an ACL',
);
export const groupNotAuthorized = /* @__PURE__ */ message(
  'Forbidden',
  'Kafka does not authorize this on the consumer group',
  'ask its operator for an ACL',
);
export const clusterNotAuthorized = /* @__PURE__ */ message(
  'Forbidden',
  'Kafka does not authorize this on the cluster',
  'ask its operator for an ACL',
);
export const timestampRefused = /* @__PURE__ */ message(
  'InvalidArgument',
  "The record's timestamp is further from now than the topic allows (message.timestamp.before/after.max.ms)",
  'send a timestamp closer to now, or none',
);
export const topicExists = /* @__PURE__ */ message('TopicExists', 'A topic of this name exists', 'use it, or another name');
export const partitionsRefused = /* @__PURE__ */ message('InvalidArgument', 'Kafka refuses the number of partitions', 'use another one');
export const replicationRefused = /* @__PURE__ */ message(
  'InvalidArgument',
  'Kafka refuses the replication factor',
  'use at least 1 and at most the number of brokers',
);
export const replicasRefused = /* @__PURE__ */ message(
  'InvalidArgument',
  'Kafka refuses the assignment of replicas',
  'number the partitions from 0, and name brokers that exist',
);
export const configRefused = /* @__PURE__ */ message(
  'InvalidArgument',
  'Kafka refuses a setting of the topic',
  'correct it, or leave it out',
);
export const requestRefused = /* @__PURE__ */ message('InvalidArgument', 'Kafka refuses the request as invalid', 'correct it');
export const messageFormatTooOld = /* @__PURE__ */ message(
  'InvalidArgument',
  'The topic keeps its records in a format from before Kafka 0.11, which cannot do this',
  'raise its message.format.version, or use another topic',
);
export const policyViolated = /* @__PURE__ */ message(
  'InvalidArgument',
  "The request violates the cluster's policy",
  'ask the operator of the cluster',
);
export const groupNotFound = /* @__PURE__ */ message('GroupNotFound', 'There is no such consumer group', 'check its name');
export const deletionDisabled = /* @__PURE__ */ message(
  'InvalidArgument',
  'Topic deletion is disabled on this cluster (delete.topic.enable)',
  'ask its operator to enable it',
);
export const compressionRefused = /* @__PURE__ */ message('KafkaRefused', 'Kafka does not support this compression', 'use another one');
export const recordRefused = /* @__PURE__ */ message(
  'InvalidRecord',
  'Kafka refuses the record',
  'check what the topic needs, such as keys where it is compacted',
);
export const quotaExceeded = /* @__PURE__ */ message('QuotaExceeded', 'The Kafka quota is used up', 'try again later');
export const kafkaRefused = /* @__PURE__ */ message(
  'KafkaRefused',
  (code: number) => `Kafka refused the request (its error ${code})`,
  OPERATOR,
);
