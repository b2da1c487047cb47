import { type Time, whole } from '../../kafka/record.ts';
import type { ErrorReply, Page, PageMessage, ProduceResult, PubSubResponse, Reply } from '../messages.ts';
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
  }
}

const error =
  ({ code, message, detail, retryAfterMs, nextOffset, maybeWritten }: ErrorReply): Write =>
  (writer) => {
    writer.integer(1, code);
    writer.string(2, message);
    writer.string(101, detail);
    writer.integer(102, retryAfterMs);
    writer.optionalInteger(103, nextOffset);
    writer.bool(104, maybeWritten);
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
    for (const { key: name, value: content } of headers ?? []) {
      writer.message(101, (header) => {
        header.string(1, name);
        header.optionalBytes(2, content === null ? null : whole(content));
      });
    }
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
