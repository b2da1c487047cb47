import { message } from './message.ts';

/** Messages on queues: share groups of Kafka, the receipts of what they gave, and dead letters. */

export const queuesNotSupported = /* @__PURE__ */ message(
  'NotSupported',
  'This Kafka has no queues (share groups)',
  'use Kafka 4.2 or newer, with share.version at 1',
);
export const sessionsUsedUp = /* @__PURE__ */ message(
  'KafkaUnavailable',
  'A broker keeps as many share sessions as it may (group.share.max.share.sessions)',
  'try again',
);
export const tooManyUnsettled = /* @__PURE__ */ message(
  'LimitExceeded',
  (most: number) => `${most} receives of this instance are not settled yet`,
  'settle what you received, and try again',
);
export const groupIsNoQueue = /* @__PURE__ */ message(
  'IllegalState',
  'The group of this name is a consumer group, and no queue',
  'use another name',
);
export const noLongerHeld = /* @__PURE__ */ message(
  'NoLongerHeld',
  (why: string) => `The records are no longer held, as ${why}. Unless they were settled before, they will be delivered again`,
  'receive them again',
);
export const receivedUnshown = /* @__PURE__ */ message(
  'RegistryUnavailable',
  'The schema registry is not available. The records that were received stay locked, and come again after that',
  'receive again',
);
export const settlingUnsure =
  'The records may have been settled all the same: a repetition that answers 40907 says that they are no longer held';

export const receiptInvalid = /* @__PURE__ */ message(
  'BadRequest',
  (place: string) => `${place} is damaged, or of another queue or caller`,
  'give a receipt as it was received, to the queue that it came from',
);
export const receiptsOverlap = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string) => `${place} is for a record that another receipt of the request is for, too`,
  'give either the receipt of a whole receive or those of its records, and each once',
);
export const tooManyReceipts = /* @__PURE__ */ message(
  'TooLarge',
  (most: number) => `The request has more than ${most} receipts`,
  (most) => `send at most ${most} in one request`,
);
export const formatNeedsJson = /* @__PURE__ */ message(
  'InvalidRecord',
  'format goes with Accept: application/json, and the Accept of the request says the format by itself',
  'leave format out',
);
export const queueSettingRefused = /* @__PURE__ */ message(
  'InvalidRecord',
  (why: string) => `Kafka refuses a setting of the queue: ${why}`,
  'correct it, or leave it out',
);
export const deadLetterTopicImpossible = /* @__PURE__ */ message(
  'InvalidRecord',
  (topic: string) => `The topic ${topic} cannot be where its own dead letters go`,
  'name another topic',
);
export const deadLetterTopicTooLong = /* @__PURE__ */ message(
  'InvalidArgument',
  (topic: string, most: number) => `The dead letter topic of ${topic} (GATEWAY_QUEUES_DEAD_LETTER) would have more than ${most} characters`,
  'name another one in dead_letter_topic',
);
export const queueOfFilteredTopic = /* @__PURE__ */ message(
  'Forbidden',
  (topic: string) => `Records of ${topic} are for some callers only (GATEWAY_ROW_FILTERS), and a queue would keep what is hidden`,
  'read pages, a stream or a consumer group',
);
