import { message } from './message.ts';

/** Messages on reading: offsets, cursors, filters, and batches that cannot be read. */

export const offsetOutside = /* @__PURE__ */ message(
  'InvalidArgument',
  (offset: number, partition: number, topic: string, _beginning: number, _end: number) =>
    `Offset ${offset} is outside the log of partition ${partition} of ${topic}`,
  (_offset, _partition, _topic, beginning, end) => `use one from ${beginning} to ${end}, which is written next`,
);
export const cursorAfterEnd = /* @__PURE__ */ message(
  'InvalidArgument',
  (offset: number, partition: number, topic: string, end: number) =>
    `The cursor is at offset ${offset} of partition ${partition} of ${topic}, which ends at ${end}. It belongs to another topic, or the topic was created again`,
  'start again without a cursor',
);
export const cursorOfEarlierTopic = /* @__PURE__ */ message(
  'InvalidArgument',
  (topic: string) => `The topic ${topic} was deleted and created again after this cursor`,
  'start again without a cursor',
);
export const cursorOfOthers = /* @__PURE__ */ message(
  'BadRequest',
  (topic: string) => `The cursor names the topic ${topic}, which is not among those of this request`,
  'send the cursor with the request that it came from, or start again without a cursor',
);
export const cursorPartitionMissing = /* @__PURE__ */ message(
  'BadRequest',
  (partition: number, topic: string, count: number) => `The cursor names partition ${partition} of ${topic}, which has ${count}`,
  'start again without a cursor',
);
export const cursorDamaged = /* @__PURE__ */ message(
  'BadRequest',
  'The cursor is damaged, or not one of this gateway',
  'give nextCursor of the page before, or start again without a cursor',
);

export const filterTooLong = /* @__PURE__ */ message(
  'BadRequest',
  (most: number) => `A filter has more than ${most} characters`,
  'use a shorter one',
);
export const filterNeedsNumber = /* @__PURE__ */ message(
  'BadRequest',
  (operator: string) => `The operator ${operator} needs a number`,
  'use == or != for text',
);
export const filterField = /* @__PURE__ */ message(
  'BadRequest',
  'A filter does not begin with a field of the record',
  'begin it with key, header.<name>, value or value.<path>, such as value.order.id==7',
);

export const batchCutOff = /* @__PURE__ */ message(
  'KafkaRefused',
  (_next: number) => 'Kafka sent a batch whose length cannot be right',
  (next) => `ask the operator of the cluster, or continue with offset ${next}`,
);
export const messagesTooOld = /* @__PURE__ */ message(
  'KafkaRefused',
  (first: number, last: number, version: number) =>
    `The records from offset ${first} to ${last} are in the message format v${version} of Kafka before 0.11, which the gateway does not support`,
  (_first, last) => `continue with offset ${last + 1}`,
);
export const batchChanged = /* @__PURE__ */ message(
  'KafkaRefused',
  (first: number, last: number, _next: number) =>
    `The batch of offsets ${first} to ${last} cannot be read, as its bytes do not have its checksum`,
  (_first, _last, next) => `continue with offset ${next}`,
);
export const batchUnreadable = /* @__PURE__ */ message(
  'KafkaRefused',
  (first: number, last: number, why: string) => `The batch of offsets ${first} to ${last} cannot be read, as ${why}`,
  (_first, last) => `continue with offset ${last + 1}`,
);
export const batchTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  (first: number, last: number, why: string) => `The batch of offsets ${first} to ${last} cannot be read, as ${why}`,
  (_first, last) => `continue with offset ${last + 1}`,
);
/** Reasons why a batch cannot be read; they stand in the messages above. */
export const codecUnknown = /* @__PURE__ */ message('KafkaRefused', (codec: number) => `Kafka has no codec ${codec}`);
export const inflatesTooFar = /* @__PURE__ */ message('TooLarge', (most: number) => `it inflates to more than ${most} bytes`);
export const compressionDamaged = /* @__PURE__ */ message('KafkaRefused', (codec: string) => `its ${codec} compression is damaged`);

export const offsetOrTimestampMissing = /* @__PURE__ */ message(
  'BadRequest',
  'The position to read from is missing, or there are two',
  'give either offset (a number, earliest or latest) or timestamp as a query parameter',
);
export const recordTooLargeToShow = /* @__PURE__ */ message(
  'TooLarge',
  (offset: number, size: number) => `The record at offset ${offset} has ${size} bytes, more than a response can hold`,
  (offset) => `continue with offset=${offset + 1}`,
);
/** In the place of the record's content. */
export const recordTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  (size: number) => `The record has ${size} bytes, more than a response can hold`,
);
/** The remedy where a page of many partitions cannot go on. */
export const continueWithCursor = (cursor: string): string => `continue with cursor=${cursor}`;
export const tooManyFilters = /* @__PURE__ */ message('BadRequest', (most: number) => `There are more than ${most} filters`, 'use fewer');
export const deliveryNeedsGroup = /* @__PURE__ */ message(
  'BadRequest',
  'Delivery at-most-once and auto need a consumer group, and at-least-once has none, as the client keeps the cursor',
  'give group, or leave it out',
);
export const noTopicsNamed = /* @__PURE__ */ message(
  'BadRequest',
  'The path has * and names no topic',
  'name topics in its place, or give topics-pattern',
);
export const tooManyPartitions = /* @__PURE__ */ message(
  'BadRequest',
  (count: number) => `The topics have ${count} partitions, more than a cursor in a URL can hold`,
  'read fewer topics at a time, or single partitions',
);
