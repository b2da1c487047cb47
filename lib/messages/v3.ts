import { quote } from '../quote.ts';
import { message, type Part } from './message.ts';

/** Messages of version 3 of the API. Where Confluent's REST Proxy has the case, these are its words. */

export const noData = message('InvalidBatch', 'Request body is empty. Data is required.');
export const noDataInStream = message('InvalidPayload', 'Payload error. Request body is empty. Data is required.');
export const idsNotDistinct = message('InvalidBatch', 'Batch entry IDs are not distinct.');
export const emptyBatch = message('InvalidBatch', 'Empty batch.');
export const tooManyEntries = message('InvalidBatch', 'Too many entries in batch.');
export const entryIdInvalid = message('InvalidBatch', 'Batch entry identifier is not a valid string.');
export const noRegistry = message('InvalidPayload', 'Payload error. Schema Registry must be configured when using schemas.');
export const partitionNegative = message('PartitionNotFound', 'Partition not found.');
export const typeUnknown = message('InvalidRecord', (place: Part, known: string) => `${place}.type must be one of ${known}`);
export const typeNotWith = message(
  'InvalidRecord',
  (place: Part, type: string, member: string) => `${place}: 'type=${type}' cannot be used with '${member}'.`,
);
export const typeNeedsSchema = message(
  'InvalidRecord',
  (place: Part, type: string) => `${place}: 'type=${type}' needs a 'schema'; one of the registry has its type with it.`,
);
export const schemaNeedsType = message('InvalidRecord', (place: Part, types: string) => `${place}: 'schema' needs a 'type' of ${types}.`);
export const subjectOrStrategy = message('InvalidRecord', (place: Part) => `${place}: give one of 'subject' and 'subject_name_strategy'.`);
export const dataMissing = message('InvalidRecord', (place: Part) => `${place}.data is missing`, 'send null for no data');
export const timeNotADate = message(
  'InvalidRecord',
  (place: Part) => `${place} is later than any date`,
  'use an ISO 8601 time such as 2025-01-31T12:00:00Z',
);

export const clusterNotFound = message('RouteNotFound', (cluster: string) => `Cluster ${cluster} cannot be found.`);
export const brokerMissing = message('RouteNotFound', (broker: number) => `Broker ${broker} cannot be found.`);
export const settingNotFound = message('RouteNotFound', (topic: string, name: string) => `Topic ${topic} has no setting ${quote(name)}.`);
export const replicaNotFound = message(
  'RouteNotFound',
  (partition: number, topic: string, broker: number) => `Partition ${partition} of topic ${topic} has no replica on broker ${broker}.`,
);
export const topicAlreadyExists = message('InvalidArgument', (topic: string) => `Topic '${topic}' already exists.`);
export const topicNameInvalidV3 = message('InvalidPayload', 'Payload error. Invalid topic name.');
