import fc from 'fast-check';
import { base64, layout, type TypedBody, text, timestamp, without } from './contents.ts';
import type { Known } from './known.ts';

const typedData = fc.oneof(
  fc.record({ type: fc.constant('JSON'), data: fc.jsonValue({ maxDepth: 3 }) }),
  fc.record({ type: fc.constant('STRING'), data: fc.oneof(text, fc.constant(null)) }),
  fc.record({ type: fc.constant('BINARY'), data: fc.oneof(base64, fc.constant(null)) }),
);

/** A key or a value, in order or nearly. */
const data = fc.oneof(
  { weight: 8, arbitrary: typedData },
  // The type may stand behind what it is the type of.
  { weight: 3, arbitrary: typedData.map(({ type, data: content }) => ({ data: content, type })) },
  fc.record({ type: fc.constantFrom('STRING', 'BINARY', 'AVRO', 'XML', '', null, 7), data: fc.jsonValue({ maxDepth: 1 }) }),
  fc.record(
    { data: text, schema_id: fc.constantFrom(1, null), subject: text, type: fc.constantFrom('JSON', 'PROTOBUF') },
    { requiredKeys: [] },
  ),
  fc.constantFrom(null, 'text', 7, [], {}),
);

const headers = fc.array(fc.record({ name: text, value: fc.oneof(base64, fc.constant(null)) }), { maxLength: 3 });

const soundRecord: fc.Arbitrary<object> = fc.record(
  { value: typedData, key: typedData, partition_id: fc.constantFrom(0, 1, null), headers },
  { requiredKeys: [] },
);

const oddRecord = fc
  .tuple(
    fc.record(
      {
        value: data,
        key: data,
        partition_id: fc.constantFrom(0, 1, 2, -1, null, 1.5, '0', 1e30),
        timestamp,
        headers,
        surplus: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
    fc.subarray(['surplus', 'partition_id', 'timestamp'], { minLength: 1 }),
  )
  .map(([whole, left]) => without(whole, left));

/** Some records, all of them in order or with others among them. */
const recordsIn = (maxLength: number) =>
  fc.oneof(fc.array(soundRecord, { minLength: 1, maxLength }), fc.array(fc.oneof(soundRecord, oddRecord), { maxLength }));

const jsonType = fc.constantFrom('application/json', 'application/json', 'application/x-ndjson', null);

/** Bodies of `POST …/records`: one after the other, with something between or nothing. */
export const recordStream: fc.Arbitrary<TypedBody> = fc
  .record({
    records: recordsIn(6),
    between: fc.constantFrom('\n', '\n', '', ' ', '\r\n\t', ',', '\u001e', ']['),
    contentType: jsonType,
    write: layout,
  })
  .map(({ records, between, contentType, write }) => ({
    contentType,
    content: records.map(write).join(between),
    secrets: records.flatMap(contentsOf),
  }));

/** Bodies of `POST …/records:batch`, which takes ten entries at the most. */
export const recordBatch: fc.Arbitrary<TypedBody> = fc
  .record({
    entries: recordsIn(11),
    odd: fc.constantFrom(null, null, null, null, null, null, 'same', '', 'ü', 'x'.repeat(81), 7),
    contentType: jsonType,
    write: layout,
  })
  .map(({ entries, odd, contentType, write }) => ({
    contentType,
    content: write({ entries: entries.map((one, i) => ({ id: odd ?? `entry-${i}`, ...one })) }),
    secrets: entries.flatMap(contentsOf),
  }));

/** Bodies of `POST …/topics`: few names, and never many partitions, as the topics stay. */
export const createdTopicV3 = ({ added, brokers }: Known): fc.Arbitrary<TypedBody> =>
  fc
    .record(
      {
        topic_name: fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...added) },
          fc.constantFrom('', '.', 'a b', 'x'.repeat(250), '__consumer_offsets', null, 7),
        ),
        partitions_count: fc.constantFrom(1, 1, 2, null, 0, '1', 2_147_483_647),
        replication_factor: fc.constantFrom(1, 1, null, 2, 32_767, 0),
        replicas_assignments: fc.constantFrom(
          ...[{}, null, { 0: [brokers[0]] }, { 0: [brokers[0]], 1: [brokers[0]] }],
          ...[{ 1: [brokers[0]] }, { 0: [] }, { 0: [4711] }, { 0: [brokers[0], brokers[0]] }, { x: [1] }, []],
        ),
        configs: fc.oneof(
          fc.array(fc.record({ name: text, value: fc.jsonValue({ maxDepth: 1 }) }), { maxLength: 2 }),
          fc.constantFrom([{ name: 'retention.ms', value: '1000' }], [{ name: 'retention.ms', value: null }], [], null, {}, [null]),
        ),
        validate_only: fc.constantFrom(true, false, null, 'true'),
      },
      { requiredKeys: ['topic_name'] },
    )
    .chain((whole) => fc.subarray(Object.keys(whole).filter((name) => name !== 'topic_name')).map((left) => without(whole, left)))
    .map((body) => ({ contentType: 'application/json', content: JSON.stringify(body) }));

/** What a record's key and value hold, as they were sent. */
function contentsOf(one: object): string[] {
  const { key, value }: { key?: unknown; value?: unknown } = { ...one };
  return [key, value].flatMap((part) => {
    const { data: content }: { data?: unknown } = Object(part);
    return typeof content === 'string' ? [content] : [];
  });
}
