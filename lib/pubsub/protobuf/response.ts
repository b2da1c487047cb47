import { type Header, type Time, whole } from '../../kafka/record.ts';
import type { ErrorReply, Page, PageMessage, ProduceResult, PubSubResponse, Push, PushedGap, PushedRecord, Reply } from '../messages.ts';
import type { MessageWriter } from './writer.ts';

type Write = (writer: MessageWriter) => void;

/** A `PubSubResp`. */
export const response =
  ({ sequence, reply }: PubSubResponse): Write =>
  (writer) => {
    writer.integer(1, sequence);
    const [field, content] = contentOf(reply);
    writer.message(field, content);
  };

function contentOf(reply: Reply): [field: number, Write] {
  switch (reply.kind) {
    case 'error':
      return [31, error(reply)];
    case 'pong':
      return [32, (writer) => writer.bytes(1, reply.state)];
    case 'page':
      return [33, page(reply)];
    case 'offset':
      return [34, offset(reply)];
    case 'produced':
      return [101, produced(reply.results)];
    case 'subscribed':
      return [102, (writer) => writer.string(1, reply.cursor)];
    case 'credited':
      return [103, () => undefined];
    case 'unsubscribed':
      return [104, () => undefined];
    case 'push':
      return [105, push(reply)];
  }
}

const error =
  ({ code, message, detail, retryAfterMs, nextOffset, maybeWritten, cursor = '' }: ErrorReply): Write =>
  (writer) => {
    writer.integer(1, code);
    writer.string(2, message);
    writer.string(101, detail);
    writer.integer(102, retryAfterMs);
    writer.optionalInteger(103, nextOffset);
    writer.bool(104, maybeWritten);
    writer.string(105, cursor);
  };

const offset =
  (found: { offset: number; timestamp: Time }): Write =>
  (writer) => {
    writer.integer(1, found.offset);
    writer.integer(101, found.timestamp);
  };

const page =
  ({ messages, nextOffset, highWatermark, logStartOffset }: Page): Write =>
  (writer) => {
    for (const message of messages) writer.message(1, pageMessage(message));
    writer.integer(101, nextOffset);
    writer.integer(102, highWatermark);
    writer.integer(103, logStartOffset);
  };

/** A `KafkaMessage`. */
export const pageMessage =
  ({ offset, timestamp, key, value, headers }: PageMessage): Write =>
  (writer) => {
    writer.integer(1, offset);
    writer.integer(2, timestamp);
    writer.optionalBytes(3, key);
    writer.optionalBytes(4, value);
    for (const one of headers ?? []) writer.message(101, header(one));
  };

const header =
  ({ key, value }: Header): Write =>
  (writer) => {
    writer.string(1, key);
    writer.optionalBytes(2, value === null ? null : whole(value));
  };

const produced =
  (results: readonly ProduceResult[]): Write =>
  (writer) => {
    for (const result of results) writer.message(1, produceResult(result));
  };

const produceResult =
  (result: ProduceResult): Write =>
  (writer) => {
    if ('error' in result) return writer.message(4, error(result.error));
    writer.integer(1, result.partition);
    writer.integer(2, result.offset);
    writer.integer(3, result.timestamp);
  };

const push =
  ({ records, cursor, gaps, credit }: Push): Write =>
  (writer) => {
    for (const record of records) writer.message(1, pushedRecord(record));
    writer.string(2, cursor);
    for (const one of gaps) writer.message(3, gap(one));
    writer.integer(4, credit);
  };

/** A `KafkaPushedRecord`. */
export const pushedRecord =
  ({ topic, partition, offset, timestamp, key, value, headers, tooLarge }: PushedRecord): Write =>
  (writer) => {
    writer.string(1, topic);
    writer.integer(2, partition);
    writer.integer(3, offset);
    writer.integer(4, timestamp);
    if (typeof key !== 'string') writer.optionalBytes(5, key);
    if (typeof value !== 'string') writer.optionalBytes(6, value);
    for (const one of headers ?? []) writer.message(7, header(one));
    if (typeof key === 'string') writer.optionalBytes(8, whole(Buffer.from(key)));
    if (typeof value === 'string') writer.optionalBytes(9, whole(Buffer.from(value)));
    writer.string(10, tooLarge);
  };

const gap =
  ({ topic, partition, from, to }: PushedGap): Write =>
  (writer) => {
    writer.string(1, topic);
    writer.integer(2, partition);
    writer.integer(3, from);
    writer.integer(4, to);
  };
