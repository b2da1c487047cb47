import type { Header, Slice } from '../../kafka/record.ts';
import type { ErrorReply, Page, PageMessage, ProduceResult, PubSubResponse, Push, PushedGap, PushedRecord, Reply } from '../messages.ts';

/** A `PubSubResp` in proto3's JSON, to be stringified: zero and empty fields are left out, 64-bit numbers are strings. */
export const responseToJson = ({ sequence, reply }: PubSubResponse): object => ({
  ...(sequence !== 0n && { sequence: String(sequence) }),
  ...contentOf(reply),
});

function contentOf(reply: Reply): object {
  switch (reply.kind) {
    case 'error':
      return { errorResp: error(reply) };
    case 'pong':
      return { pongResp: { ...(reply.state.length > 0 && { state: reply.state.toString('base64') }) } };
    case 'page':
      return { kafkaFetchResp: page(reply) };
    case 'offset':
      return { kafkaListOffsetResp: { ...int64('offset', reply.offset), ...int64('timestamp', reply.timestamp) } };
    case 'produced':
      return { kafkaProduceResp: list('results', reply.results.map(produceResult)) };
    case 'subscribed':
      return { kafkaSubscribeResp: text('cursor', reply.cursor) };
    case 'credited':
      return { kafkaCreditResp: {} };
    case 'unsubscribed':
      return { kafkaUnsubscribeResp: {} };
    case 'push':
      return { kafkaPush: push(reply) };
  }
}

const page = ({ messages, nextOffset, highWatermark, logStartOffset }: Page): object => ({
  ...list('messages', messages.map(pageMessageToJson)),
  ...int64('nextOffset', nextOffset),
  ...int64('highWatermark', highWatermark),
  ...int64('logStartOffset', logStartOffset),
});

/** A `KafkaMessage`. */
export const pageMessageToJson = ({ offset, timestamp, key, value, headers }: PageMessage): object => ({
  ...int64('offset', offset),
  ...int64('timestamp', timestamp),
  ...(key !== null && { key: base64(key) }),
  ...(value !== null && { value: base64(value) }),
  ...list('headers', (headers ?? []).map(headerToJson)),
});

const headerToJson = ({ key, value }: Header): object => ({
  ...text('key', key),
  ...(value !== null && { value: value.toString('base64') }),
});

const push = ({ records, cursor, gaps, credit }: Push): object => ({
  ...list('records', records.map(pushedRecordToJson)),
  ...text('cursor', cursor),
  ...list('gaps', gaps.map(gapToJson)),
  ...int64('credit', credit),
});

/** A `KafkaPushedRecord`. */
export const pushedRecordToJson = ({ topic, partition, offset, timestamp, key, value, headers, tooLarge }: PushedRecord): object => ({
  ...text('topic', topic),
  ...(partition !== 0 && { partition }),
  ...int64('offset', offset),
  ...int64('timestamp', timestamp),
  ...(key !== null && (typeof key === 'string' ? { keyText: key } : { key: base64(key) })),
  ...(value !== null && (typeof value === 'string' ? { valueText: value } : { value: base64(value) })),
  ...list('headers', (headers ?? []).map(headerToJson)),
  ...text('tooLarge', tooLarge),
});

const gapToJson = ({ topic, partition, from, to }: PushedGap): object => ({
  ...text('topic', topic),
  ...(partition !== 0 && { partition }),
  ...int64('from', from),
  ...int64('to', to),
});

function produceResult(result: ProduceResult): object {
  if ('error' in result) return { error: error(result.error) };
  const { partition, offset, timestamp } = result;
  return { ...(partition !== 0 && { partition }), ...int64('offset', offset), ...int64('timestamp', timestamp) };
}

const error = ({ code, message, detail, retryAfterMs, nextOffset, maybeWritten, cursor = '' }: ErrorReply): object => ({
  code,
  ...text('message', message),
  ...text('detail', detail),
  ...(retryAfterMs > 0 && { retryAfterMs }),
  ...(nextOffset !== null && { nextOffset: String(nextOffset) }),
  ...(maybeWritten && { maybeWritten }),
  ...text('cursor', cursor),
});

const int64 = (name: string, value: number | bigint): object => (value === 0 ? {} : { [name]: String(value) });
const text = (name: string, value: string): object => (value === '' ? {} : { [name]: value });
const list = (name: string, items: readonly object[]): object => (items.length === 0 ? {} : { [name]: items });
const base64 = ({ bytes, start, end }: Slice): string => bytes.toString('base64', start, end);
