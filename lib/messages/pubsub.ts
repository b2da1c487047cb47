import { message } from './message.ts';

/** Messages on what is not a `PubSubReq`. */

export const notAJsonMessage = message('BadRequest', (why: string) => `This is not a message in JSON: ${why}`);
export const notAProtobufMessage = message('BadRequest', (why: string) => `This is not a protobuf message: ${why}`);
export const notAMessage = message(
  'BadRequest',
  'This is neither base64 of a protobuf message nor JSON',
  'send a PubSubReq of pubsub.proto',
);
export const tooManyMessages = message(
  'TooLarge',
  (most: number) => `The request has more than ${most} messages`,
  (most) => `send at most ${most} in one request`,
);

export const noCommand = message('BadRequest', 'The message has no command', 'send one of those in pubsub.proto');
export const fieldOfCommandInvalid = message('BadRequest', (field: string, must: string) => `${field} must be ${must}`);
export const negativeSize = message('BadRequest', 'max_wait_ms, min_bytes and max_bytes cannot be below 0', 'use 0 or more');
export const noRecordsInCommand = message('BadRequest', 'records is empty', 'send at least one record');
export const messageTooLarge = message(
  'TooLarge',
  (offset: number) => `The message at offset ${offset} is larger than a response can be`,
  (offset) => `continue with offset ${offset + 1}`,
);
export const tooManyResults = message(
  'TooLarge',
  'The results of the records do not fit into the response',
  (most: number) => `send at most ${most} records in a message, and fewer after other messages`,
);
export const replyTooLarge = message(
  'TooLarge',
  'The reply is larger than what is left of the response',
  'send fewer messages in one request',
);
export const idempotencyKeyNotSupported = message(
  'BadRequest',
  'An Idempotency-Key is not supported here',
  'send the request without one, or produce to /topics/{topic}',
);
export const formNotSupported = message(
  'UnsupportedMediaType',
  'The media type of the message is not supported',
  (protobuf: string, json: string) => `send a PubSubReq as ${protobuf} or as ${json}`,
);
