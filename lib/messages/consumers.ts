import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on consumers over HTTP, which are members of consumer groups. */

export const consumerNotFound = /* @__PURE__ */ message(
  'ConsumerNotFound',
  (name: string) => `Consumer instance not found: ${quote(name)}`,
  'create it again',
);
export const consumerExists = /* @__PURE__ */ message(
  'ConsumerExists',
  (name: string) => `The consumer group has a consumer instance ${quote(name)}`,
  'use it, delete it, or choose another name',
);
export const consumerNameInvalid = /* @__PURE__ */ message(
  'InvalidRecord',
  (most: number) => `The name of a consumer instance is empty, has more than ${most} bytes, or half of a surrogate pair`,
  'use another one',
);
export const groupNameReserved = /* @__PURE__ */ message(
  'InvalidArgument',
  (prefix: string) => `Groups whose names begin with ${prefix} are the gateway's own`,
  'use another name',
);
export const consumerGroupNameTooLong = /* @__PURE__ */ message(
  'InvalidArgument',
  'The names of consumer group and instance are longer than Kafka can carry',
  'use shorter ones',
);
export const groupsNotSupported = /* @__PURE__ */ message(
  'NotSupported',
  'This Kafka has no consumer groups that a gateway without memory can be a member of, as Kafka has from 4.0 on',
  'ask the operator to set GATEWAY_CONSUMERS=dynamodb, or assign partitions by hand',
);
export const exclusive = /* @__PURE__ */ message(
  'IllegalState',
  'Illegal state: Subscription to topics, partitions and pattern are mutually exclusive',
  'delete the subscription first',
);
export const topicsAndPattern = /* @__PURE__ */ message(
  'IllegalState',
  'Illegal state: Subscription to topics, partitions and pattern are mutually exclusive',
  'give either topics or topic_pattern',
);
export const nothingToRead = /* @__PURE__ */ message(
  'IllegalState',
  'Illegal state: Consumer is not subscribed to any topics or assigned any partitions',
  'subscribe to topics, or assign partitions',
);
export const placeNotOwned = /* @__PURE__ */ message(
  'IllegalState',
  (topic: string, partition: number) =>
    `Illegal state: No current assignment for partition ${topic}-${partition}, which may have gone to another member of the group`,
  'poll, and go on with what is assigned then',
);
export const placeTaken = /* @__PURE__ */ message(
  'IllegalState',
  (topic: string, partition: number) => `Partition ${partition} of ${topic} is assigned by hand to another consumer instance of the group`,
  'use another group, or delete that instance',
);
export const movedMeanwhile = /* @__PURE__ */ message(
  'IllegalState',
  'Another request has moved this consumer instance while this one was under way',
  'poll again, and let one request of an instance end before the next',
);
export const groupUnsettled = /* @__PURE__ */ message('KafkaUnavailable', 'The consumer group does not come to rest', 'try again');
export const noCommittedOffset = /* @__PURE__ */ message(
  'IllegalState',
  (topic: string, partition: number) =>
    `Nothing is committed for partition ${partition} of ${topic}, or what is lies outside its log, and auto.offset.reset is none`,
  'seek to an offset',
);
export const patternRefused = /* @__PURE__ */ message(
  'InvalidRecord',
  'Kafka cannot read topic_pattern',
  'give a regular expression of RE2, without look-around or references to groups',
);
export const metadataTooLong = /* @__PURE__ */ message(
  'InvalidRecord',
  (most: number) => `The metadata of an offset is longer than ${most} bytes as JSON`,
  'shorten it',
);
export const acceptOtherFormat = /* @__PURE__ */ message(
  'NotAcceptable',
  (format: string, offered: string) =>
    `Consumer format does not match the embedded format requested by the Accept header: it was created with ${format}. Available: ${offered}`,
);
export const bodyNotObject = /* @__PURE__ */ message('InvalidRecord', 'The body must be a JSON object');
export const optionInvalid = /* @__PURE__ */ message('InvalidRecord', (name: string, must: string) => `${name} must be ${must}`);
export const topicsOrPattern = /* @__PURE__ */ message(
  'InvalidRecord',
  'A subscription must have topics or topic_pattern',
  'name at least one topic, or give a pattern',
);
export const formatInvalid = /* @__PURE__ */ message(
  'InvalidRecord',
  (_offered: string) => 'Invalid format type',
  (offered) => `use ${offered}`,
);
export const noTopicToKeepIn = /* @__PURE__ */ message(
  'IllegalState',
  'This Kafka keeps a consumer instance beside a topic, and there is none that may be read',
  'create a topic first',
);
export const patternTooLong = /* @__PURE__ */ message(
  'InvalidRecord',
  (most: number) => `topic_pattern has more than ${most} characters, or half of a surrogate pair`,
  'use a shorter one',
);
export const patternNotRead = /* @__PURE__ */ message(
  'InvalidRecord',
  (why: string) => `topic_pattern cannot be read: ${why}`,
  'correct it',
);
export const consumersUnavailable = /* @__PURE__ */ message(
  'StorageUnavailable',
  'The gateway cannot reach what it keeps of consumers now',
  'try again',
);
export const groupTooLarge = /* @__PURE__ */ message(
  'InvalidRecord',
  (most: number) => `The partitions, members and metadata of the consumer group take more than ${most} bytes`,
  'use fewer of them in one group',
);
export const groupHasKafkaMembers = /* @__PURE__ */ message(
  'IllegalState',
  'The consumer group has Kafka consumers, with which consumer instances of this gateway cannot share one',
  'stop them, or use another group',
);
