import fc from 'fast-check';
import type { PubSubResponse } from '../../../lib/pubsub/messages.ts';
import type { Plain } from '../../harness/pubsub/stock-runtime.ts';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const base64 = bytes.map((some) => some.toString('base64'));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const int64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(-2n, -1n, 0n, 1n)).map(String);
const int32 = fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 127, 128));
const some = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Plain> => fc.record(fields, { requiredKeys: [] });

const headers = fc.array(some({ key: text, value: base64 }), { maxLength: 3 });
const produced = some({ partition: int32, timestamp: int64, key: base64, value: base64, headers });

/** A request as the stock runtime takes it; what is left out of it is zero, empty or absent. */
export const plainRequest: fc.Arbitrary<Plain> = fc
  .tuple(
    int64,
    fc.oneof(
      fc.constant({}),
      fc.record({ cmdEmpty: fc.constant({}) }),
      fc.record({ cmdPing: some({ state: base64 }) }),
      fc.record({ cmdKafkaListOffset: some({ topic: text, partition: int32, timestamp: int64 }) }),
      fc.record({
        cmdKafkaFetch: some({
          topic: text,
          partition: int32,
          offset: int64,
          maxWaitMs: int32,
          minBytes: int32,
          maxBytes: int32,
          isolation: fc.constantFrom('READ_UNCOMMITTED', 'READ_COMMITTED'),
        }),
      }),
      fc.record({
        cmdKafkaProduce: some({
          topic: text,
          records: fc.array(produced, { maxLength: 4 }),
          acks: fc.constantFrom('ACKS_ALL', 'ACKS_LEADER', 'ACKS_NONE'),
          compression: fc.constantFrom('COMPRESSION_NONE', 'COMPRESSION_LZ4', 'COMPRESSION_ZSTD'),
        }),
      }),
      fc.record({
        cmdKafkaSubscribe: some({
          topics: fc.array(text, { maxLength: 4 }),
          cursor: text,
          from: text,
          filters: fc.array(text, { maxLength: 4 }),
          isolation: fc.constantFrom('READ_UNCOMMITTED', 'READ_COMMITTED'),
          credit: int32,
          keyFormat: fc.constantFrom('FORMAT_BYTES', 'FORMAT_TEXT'),
          valueFormat: fc.constantFrom('FORMAT_BYTES', 'FORMAT_TEXT'),
        }),
      }),
      fc.record({ cmdKafkaCredit: some({ subscription: int64, credit: int32 }) }),
      fc.record({ cmdKafkaUnsubscribe: some({ subscription: int64 }) }),
    ),
  )
  .map(([sequence, command]) => ({ sequence, ...command }));

const number = fc.oneof(fc.maxSafeNat(), fc.constantFrom(-1, 0, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER));
const maybe = fc.option(bytes, { nil: null });
const slice = maybe.map((content) =>
  content === null ? null : { bytes: Buffer.concat([Buffer.from('<'), content]), start: 1, end: content.length + 1 },
);
const error = fc.record({
  code: fc.integer({ min: -1, max: 130 }),
  message: text,
  detail: text,
  retryAfterMs: fc.nat(),
  nextOffset: fc.option(number, { nil: null }),
  maybeWritten: fc.boolean(),
  cursor: text,
});
const recordHeaders = fc.option(fc.array(fc.record({ key: text, value: maybe }), { maxLength: 3 }), { nil: null });
const place = { topic: text, partition: fc.nat(2 ** 31 - 1) };

/** A response as the gateway has it. */
export const response: fc.Arbitrary<PubSubResponse> = fc.record({
  sequence: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  reply: fc.oneof(
    error.map((reply) => ({ kind: 'error' as const, ...reply })),
    fc.record({ kind: fc.constant('pong' as const), state: bytes }),
    fc.record({ kind: fc.constant('offset' as const), offset: number, timestamp: number }),
    fc.record({
      kind: fc.constant('page' as const),
      messages: fc.array(
        fc.record({
          offset: number,
          timestamp: number,
          key: slice,
          value: slice,
          headers: recordHeaders,
        }),
        { maxLength: 4 },
      ),
      nextOffset: number,
      highWatermark: number,
      logStartOffset: number,
    }),
    fc.record({
      kind: fc.constant('produced' as const),
      results: fc.array(
        fc.oneof(
          fc.record({ partition: fc.nat(2 ** 31 - 1), offset: number, timestamp: number }),
          error.map((one) => ({ error: one })),
        ),
        {
          maxLength: 4,
        },
      ),
    }),
    fc.record({ kind: fc.constant('subscribed' as const), cursor: text }),
    fc.constantFrom({ kind: 'credited' as const }, { kind: 'unsubscribed' as const }),
    fc.record({
      kind: fc.constant('push' as const),
      records: fc.array(
        fc.record({
          ...place,
          offset: number,
          timestamp: number,
          key: fc.oneof(slice, text),
          value: fc.oneof(slice, text),
          headers: recordHeaders,
          tooLarge: text,
        }),
        { maxLength: 4 },
      ),
      cursor: text,
      gaps: fc.array(fc.record({ ...place, from: number, to: number }), { maxLength: 2 }),
      credit: number,
    }),
  ),
});
