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

/** Messages on subscriptions of the WebSocket. */

export const subscribingNeedsSocket = /* @__PURE__ */ message(
  'BadRequest',
  'Records are pushed over a WebSocket only',
  'send the command over the WebSocket /pubsub, or read GET /topics/{topics}/records',
);
export const socketSubscriptionsOff = /* @__PURE__ */ message(
  'NotSupported',
  'This gateway pushes no records over its WebSocket',
  'fetch with max_wait_ms, or ask the operator to set GATEWAY_SOCKET_READERS',
);
export const noTopicsInCommand = /* @__PURE__ */ message('BadRequest', 'topics is empty', 'name at least one topic');
export const topicTwice = /* @__PURE__ */ message(
  'BadRequest',
  (topic: string) => `topics has ${topic} more than once`,
  'name each topic once',
);
export const sequenceNeeded = /* @__PURE__ */ message(
  'BadRequest',
  'A subscription is named by the sequence of its command, which cannot be 0',
  'send the command with a sequence',
);
export const alreadySubscribed = /* @__PURE__ */ message(
  'Conflict',
  (sequence: string) => `The connection has a subscription with the sequence ${sequence}`,
  'subscribe with another sequence, or unsubscribe first',
);
export const tooManySubscriptions = /* @__PURE__ */ message(
  'BadRequest',
  (most: number) => `The connection has ${most} subscriptions, which is the most`,
  'unsubscribe from one, name several topics in one, or open another connection',
);
export const subscriptionTooLarge = /* @__PURE__ */ message(
  'TooLarge',
  'The subscription is larger than the gateway keeps',
  'name fewer topics, or use fewer or shorter filters',
);
export const noSuchSubscription = /* @__PURE__ */ message(
  'SubscriptionNotFound',
  (sequence: string) => `The connection has no subscription with the sequence ${sequence}`,
  'subscribe with the cursor of the last push',
);
export const readersFull = /* @__PURE__ */ message(
  'LimitExceeded',
  (most: number) => `The function that reads for this connection reads for ${most} connections, which is the most`,
  'open another connection, or ask the operator to raise GATEWAY_SOCKET_READERS',
);
export const socketsUnavailable = /* @__PURE__ */ message(
  'StorageUnavailable',
  'The subscriptions of WebSockets cannot be read or written at the moment',
  'send the command again',
);
export const recordTooLargeForSocket = /* @__PURE__ */ message(
  'TooLarge',
  (_topic: string, _partition: number, _offset: number) => 'The record is larger than a message of the WebSocket can be',
  (topic, partition, offset) => `fetch it with GET /topics/${topic}/partitions/${partition}/records?offset=${offset}`,
);
