import { message } from './message.ts';

/** Messages on what is not a `PubSubReq`. */

export const notAJsonMessage = /* @__PURE__ */ message('BadRequest', (why: string) => `This is not a message in JSON: ${why}`);
export const notAProtobufMessage = /* @__PURE__ */ message('BadRequest', (why: string) => `This is not a protobuf message: ${why}`);
export const notAMessage = /* @__PURE__ */ message(
  'BadRequest',
  'This is neither base64 of a protobuf message nor JSON',
  'send a PubSubReq of pubsub.proto',
);

export const noCommand = /* @__PURE__ */ message('BadRequest', 'The message has no command', 'send one of those in pubsub.proto');
export const fieldOfCommandInvalid = /* @__PURE__ */ message('BadRequest', (field: string, must: string) => `${field} must be ${must}`);
export const negativeSize = /* @__PURE__ */ message(
  'BadRequest',
  'max_wait_ms, min_bytes and max_bytes cannot be below 0',
  'use 0 or more',
);
export const noRecordsInCommand = /* @__PURE__ */ message('BadRequest', 'records is empty', 'send at least one record');
export const messageTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  (offset: number) => `The message at offset ${offset} is larger than a response can be`,
  (offset) => `continue with offset ${offset + 1}`,
);
export const tooManyResults = /* @__PURE__ */ message(
  'TooLarge',
  'The results of the records do not fit into the response',
  (most: number) => `send at most ${most} records in a message, and fewer after other messages`,
);
export const replyTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  'The reply is larger than what is left of the response',
  'send fewer messages in one request',
);
export const idempotencyKeyNotSupported = /* @__PURE__ */ message(
  'BadRequest',
  'An Idempotency-Key is not supported here',
  'send the request without one, or produce to /topics/{topic}',
);
export const formNotSupported = /* @__PURE__ */ message(
  'UnsupportedMediaType',
  'The media type of the message is not supported',
  (protobuf: string, json: string) => `send a PubSubReq as ${protobuf} or as ${json}`,
);
