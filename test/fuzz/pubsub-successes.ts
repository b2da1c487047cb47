import assert from 'node:assert/strict';
import { decodeByStock, type Plain, responseByStock, splitByStock } from '../harness/pubsub/stock-runtime.ts';
import { judgeMessage } from './message.ts';
import { base64, boolean, count, list, matching, object, type Shape, text } from './shape.ts';

const int64 = matching(/^-?\d+$/);

/** A fault of the gateway's own. */
const UNKNOWN_SERVER_ERROR = -1;

const error: Shape = (value, place) => {
  object({ code: count }, { message: text, detail: judgeMessage, retryAfterMs: count, nextOffset: int64, maybeWritten: boolean })(
    value,
    place,
  );
  const { code }: { code?: unknown } = Object(value);
  assert.ok(code !== 0 && code !== UNKNOWN_SERVER_ERROR, `${place}: ${JSON.stringify(value)}`);
};

const header = object({}, { key: text, value: base64 });
const message = object({}, { offset: int64, timestamp: int64, key: base64, value: base64, headers: list(header) });
const result = object({}, { partition: count, offset: int64, timestamp: int64, error });

const replies: Record<string, Shape> = {
  errorResp: error,
  pongResp: object({}, { state: base64 }),
  kafkaListOffsetResp: object({}, { offset: int64, timestamp: int64 }),
  kafkaFetchResp: object({}, { messages: list(message), nextOffset: int64, highWatermark: int64, logStartOffset: int64 }),
  kafkaProduceResp: object({}, { results: list(result) }),
};

/** Checks the answer to commands: by a runtime that knows nothing but the .proto file. */
export function judgeReplies(mediaType: string, body: string): void {
  for (const { sequence, ...reply } of repliesIn(mediaType, body)) {
    if (sequence !== undefined) int64(sequence, 'sequence');
    assert.equal(Object.keys(reply).length, 1, body);
    object({}, replies)(reply, 'PubSubResp');
  }
}

function repliesIn(mediaType: string, body: string): Plain[] {
  if (mediaType === 'application/json') return [responseByStock(JSON.parse(body))];
  const bytes = Buffer.from(body, 'base64');
  assert.equal(bytes.toString('base64'), body);
  return mediaType === 'application/x-protobuf' ? [decodeByStock(bytes)] : splitByStock(bytes);
}
