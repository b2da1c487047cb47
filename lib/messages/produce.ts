import { message, type Part } from './message.ts';

/** Messages on records that are to be written: their JSON, their fields, and headers of raw bodies. */

export const placeInvalid = /* @__PURE__ */ message('InvalidRecord', (place: Part, must: string) => `${place} must be ${must}`);
export const placeMissing = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part, must: string) => `${place} is missing: it must be ${must}`,
);
export const notABody = /* @__PURE__ */ message('InvalidRecord', (list: string) => `The body must be an object {"${list}": [...]}`);
export const listMissing = /* @__PURE__ */ message(
  'InvalidRecord',
  (list: string) => `${list} is missing: the body must be an object {"${list}": [...]}`,
);
export const eventsNotAnArray = /* @__PURE__ */ message(
  'InvalidRecord',
  'A batch of CloudEvents must be an array of objects',
  'send [{...}], or one event as application/cloudevents+json',
);
export const noRecords = /* @__PURE__ */ message('InvalidRecord', 'records is empty', 'send at least one record');
export const memberTwice = /* @__PURE__ */ message(
  'InvalidRecord',
  (where: string, name: string) => `${where} has "${name}" twice`,
  'send it once',
);
/** Begins as Confluent's does. */
export const memberUnknown = /* @__PURE__ */ message(
  'InvalidRecord',
  (name: string, where: string, known: string) => `Unrecognized field: ${name} in ${where}, which may have ${known}`,
);
export const memberOfSchemas = /* @__PURE__ */ message(
  'InvalidRecord',
  (name: string, mediaType: string) =>
    `${name} belongs to the schema formats (avro, jsonschema, protobuf), and ${mediaType} is not one of them`,
  'leave it out',
);
export const topicMissing = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part) => `${place} is missing`,
  'name the topic of every record',
);
export const halfASurrogatePair = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: Part) => `${place} holds half of a surrogate pair, which UTF-8 cannot express`,
  'send bytes as base64',
);
export const notBase64 = /* @__PURE__ */ message(
  'BadRequest',
  (place: Part) => `${place} is not base64`,
  'use A-Z, a-z, 0-9, + and / without whitespace, and padding or none',
);

export const recordsNotAcknowledged = /* @__PURE__ */ message(
  'DeadlineExceeded',
  'Kafka did not acknowledge the records in time',
  'try again',
);

export const keyPathInvalid = /* @__PURE__ */ message('BadRequest', (why: string) => `The key path ${why}`);
export const keyPathQueryInvalid = /* @__PURE__ */ message('BadRequest', (why: string) => `A query of the key path ${why}`);
export const keyNotUtf8 = /* @__PURE__ */ message(
  'InvalidRecord',
  'The key found by the key path holds half of a surrogate pair, which UTF-8 cannot express',
  'send another key',
);
export const topicHeaderNotUsed = /* @__PURE__ */ message(
  'BadRequest',
  (header: string) => `The header ${header} cannot be used where the path names the topic`,
  'use POST /records',
);
export const topicHeaderMissing = /* @__PURE__ */ message(
  'BadRequest',
  (header: string) => `The header ${header} is missing`,
  'name the topic in it',
);
export const partitionHeaderInvalid = /* @__PURE__ */ message(
  'BadRequest',
  (header: string, highest: number) => `The header ${header} must be an integer from 0 to ${highest}, or -1 for any partition`,
);

export const tooManyTopics = /* @__PURE__ */ message(
  'TooLarge',
  (count: number, _most: number) => `The records are for ${count} topics`,
  (_count, most) => `send those of at most ${most} topics in one request`,
);
export const recordsNotJson = /* @__PURE__ */ message(
  'UnsupportedMediaType',
  'The media type of the records is not supported',
  'send JSON, with Content-Type: application/json',
);
export const formatNotSupported = /* @__PURE__ */ message(
  'UnsupportedMediaType',
  'The media type of the records is not supported',
  (supported: string) => `use one of ${supported}`,
);
