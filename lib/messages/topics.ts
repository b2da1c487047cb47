import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on topics, their partitions and their settings. */

export const topicNotFound = /* @__PURE__ */ message(
  'TopicNotFound',
  (topic: string) => `There is no topic ${topic}`,
  'create it, or check its name',
);
export const partitionNotFound = /* @__PURE__ */ message(
  'PartitionNotFound',
  (topic: string, partition: number, count: number) => `Topic ${topic} has no partition ${partition}, as it has ${count}`,
  (_topic, _partition, count) => `use a number from 0 to ${count - 1}`,
);
export const partitionImpossible = /* @__PURE__ */ message(
  'PartitionNotFound',
  (partition: string) => `There is no partition ${quote(partition)}`,
  'use a number from 0',
);
export const topicNameInvalid = /* @__PURE__ */ message(
  'InvalidArgument',
  (name: string) => `${quote(name)} is not a topic name`,
  'use 1 to 249 letters, digits, dots, underscores and hyphens of ASCII, and not "." or ".."',
);
export const topicInternal = /* @__PURE__ */ message(
  'InvalidArgument',
  (topic: string) => `${topic} is an internal topic of Kafka, which only Kafka creates, deletes and writes to`,
  'use another topic',
);

export const noTopicsToSummarize = /* @__PURE__ */ message(
  'BadRequest',
  'The path has * and names no topic',
  'name topics in its place, separated by commas',
);
export const patternTooLong = /* @__PURE__ */ message(
  'BadRequest',
  (most: number) => `The topic pattern has more than ${most} characters`,
  'use a shorter one',
);
export const patternUnreadable = /* @__PURE__ */ message(
  'BadRequest',
  (at: number, why: string) => `The topic pattern cannot be read at character ${at}: ${why}`,
);
export const patternTooComplex = /* @__PURE__ */ message('BadRequest', 'The topic pattern repeats too much', 'make it simpler');

export const topicMayBeCreated = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'Kafka did not answer. The topic may have been created, or may still be',
  'ask for it before you try again',
);
export const topicMayBeDeleted = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'Kafka did not answer. The topic may have been deleted, or may still be',
  'ask for it before you try again',
);
export const topicNotValidated = /* @__PURE__ */ message('KafkaUnavailable', 'Kafka did not answer. Nothing was created', 'try again');

export const topicNameMissing = /* @__PURE__ */ message('BadRequest', 'topic_name must be a string');
