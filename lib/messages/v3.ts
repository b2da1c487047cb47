import { quote } from '../quote.ts';
import { message, type Part } from './message.ts';

/** Messages of version 3 of the API. Where Confluent's REST Proxy has the case, these are its words. */

export const noData = /* @__PURE__ */ message('InvalidBatch', 'Request body is empty. Data is required.');
export const noDataInStream = /* @__PURE__ */ message('InvalidPayload', 'Payload error. Request body is empty. Data is required.');
export const idsNotDistinct = /* @__PURE__ */ message('InvalidBatch', 'Batch entry IDs are not distinct.');
export const emptyBatch = /* @__PURE__ */ message('InvalidBatch', 'Empty batch.');
export const tooManyEntries = /* @__PURE__ */ message('InvalidBatch', 'Too many entries in batch.');
export const entryIdInvalid = /* @__PURE__ */ message('InvalidBatch', 'Batch entry identifier is not a valid string.');
export const noRegistry = /* @__PURE__ */ message(
  'InvalidPayload',
  'Payload error. Schema Registry must be configured when using schemas.',
);
export const partitionNegative = /* @__PURE__ */ message('PartitionNotFound', 'Partition not found.');
export const typeUnknown = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part, known: string) => `${place}.type must be one of ${known}`,
);
export const typeNotWith = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part, type: string, member: string) => `${place}: 'type=${type}' cannot be used with '${member}'.`,
);
export const typeNeedsSchema = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part, type: string) => `${place}: 'type=${type}' needs a 'schema'; one of the registry has its type with it.`,
);
export const schemaNeedsType = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part, types: string) => `${place}: 'schema' needs a 'type' of ${types}.`,
);
export const subjectOrStrategy = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part) => `${place}: give one of 'subject' and 'subject_name_strategy'.`,
);
export const timeNotADate = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part) => `${place} is later than any date`,
  'use an ISO 8601 time such as 2025-01-31T12:00:00Z',
);

export const clusterNotFound = /* @__PURE__ */ message('RouteNotFound', (cluster: string) => `Cluster ${cluster} cannot be found.`);
export const brokerMissing = /* @__PURE__ */ message('RouteNotFound', (broker: number) => `Broker ${broker} cannot be found.`);
export const settingNotFound = /* @__PURE__ */ message(
  'RouteNotFound',
  (topic: string, name: string) => `Topic ${topic} has no setting ${quote(name)}.`,
);
export const replicaNotFound = /* @__PURE__ */ message(
  'RouteNotFound',
  (partition: number, topic: string, broker: number) => `Partition ${partition} of topic ${topic} has no replica on broker ${broker}.`,
);
export const consumerNotFound = /* @__PURE__ */ message('RouteNotFound', 'Consumer could not be found.');
export const assignmentNotFound = /* @__PURE__ */ message(
  'RouteNotFound',
  (partition: number, topic: string) => `The consumer does not read partition ${partition} of topic ${topic}.`,
);
export const groupOffsetsNotFound = /* @__PURE__ */ message('RouteNotFound', 'Consumer group offsets could not be found.');
export const topicAlreadyExists = /* @__PURE__ */ message('InvalidArgument', (topic: string) => `Topic '${topic}' already exists.`);
export const topicNameInvalidV3 = /* @__PURE__ */ message('InvalidPayload', 'Payload error. Invalid topic name.');
