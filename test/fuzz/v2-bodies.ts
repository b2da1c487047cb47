import fc from 'fast-check';
import { base64, layout, type TypedBody, text, timestamp, topicIn, without } from './contents.ts';
import type { Known } from './known.ts';

const contents = {
  json: fc.jsonValue({ maxDepth: 3 }),
  text: fc.oneof(text, fc.constant(null)),
  binary: fc.oneof(base64, fc.constant(null)),
};

/** A body of records that is in order, or would be if it were not for a member of one of them. */
const recordsIn = (format: keyof typeof contents, known: Known) =>
  fc.array(
    fc.record(
      {
        value: contents[format],
        key: contents[format],
        partition: fc.constantFrom(0, 1, 2, -1, null, 1.5, '0'),
        timestamp,
        headers: fc.array(fc.record({ key: text, value: fc.oneof(base64, fc.constant(null)) }), { maxLength: 3 }),
        topic: topicIn(known),
        surplus: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 5 },
  );

/** Members that few records should have: most bodies would be refused for them. */
const rare = ['surplus', 'topic', 'partition', 'timestamp'];

const oddRecords = (known: Known) =>
  fc.constantFrom('json', 'text', 'binary' as const).chain((format) =>
    fc.tuple(recordsIn(format, known), fc.subarray(rare), fc.boolean(), layout).map(([records, left, all, write]) => ({
      contentType: `application/vnd.kafka.${format}.v2+json`,
      content: write({ records: all ? records : records.map((record) => without(record, left)) }),
    })),
  );

/** A body that is in order. Only where all records name their topic may they. */
const soundRecords = ({ there }: Known) =>
  fc.constantFrom('json', 'text', 'binary' as const).chain((format) =>
    fc
      .tuple(fc.array(fc.record({ value: contents[format], key: contents[format] }), { minLength: 1, maxLength: 5 }), fc.boolean(), layout)
      .map(([records, named, write]) => ({
        contentType: `application/vnd.kafka.${format}.v2+json`,
        content: write({ records: records.map((record, i) => ({ ...record, ...(named && { topic: there[i % there.length] }) })) }),
      })),
  );

/** What key paths may find something in. */
const documents = [
  { id: 7, a: { b: 'c' }, list: [{ id: 'x', n: 1 }, { id: 'y/\u00fc', n: 2.5e3 }, { id: null, n: '3' }, 'x', []] },
  { a: [{ b: null }, { b: [{ b: true }] }], id: '', 'a.b': 'one name' },
  [{ id: 1 }, { id: 2, list: ['x', 'y'] }],
];

/** A body that is a record's value itself; a key path of the query may find something in it. */
const rawBody = fc.oneof(
  fc.record({ contentType: fc.constantFrom('application/json', 'application/cloudevents+json'), content: fc.json() }),
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...documents), layout).map(([document, write]) => ({
      contentType: 'application/json',
      content: write(document),
    })),
  },
  fc.record({ contentType: fc.constantFrom('text/plain', null), content: text }),
  fc.record({
    contentType: fc.constantFrom('application/octet-stream', 'image/png', null),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
);

/** Bodies of `POST /topics/…` and `POST /records`. */
export const producedBody = (known: Known): fc.Arbitrary<TypedBody> =>
  fc.oneof({ weight: 3, arbitrary: oddRecords(known) }, { weight: 2, arbitrary: soundRecords(known) }, { weight: 3, arbitrary: rawBody });

/** Bodies of `POST /admin/topics`: few names, and never many partitions, as the topics stay. */
export const createdTopic = ({ added }: Known): fc.Arbitrary<TypedBody> =>
  fc
    .record(
      {
        topic_name: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...added) },
          fc.constantFrom('', '.', 'a b', 'x'.repeat(250), '__consumer_offsets', null, 7),
        ),
        partitions_count: fc.constantFrom(1, 1, 1, 2, null, null, 0, -1, '1', 2_147_483_647, 1e30),
        replication_factor: fc.constantFrom(1, 1, 1, null, null, 2, 32_767, 0),
        configs: fc.oneof(
          fc.dictionary(text, fc.jsonValue({ maxDepth: 1 })),
          fc.constantFrom({ 'retention.ms': 1000 }, {}, null, null, { 'retention.ms': 'x' }, [], null),
        ),
      },
      { requiredKeys: ['topic_name'] },
    )
    .map((body) => ({ contentType: 'application/json', content: JSON.stringify(body) }));
