import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Names of topics that there are, and of those that requests may create. */
export interface TopicNames {
  there: readonly string[];
  added: readonly string[];
}

/** A body and what says how to read it. */
export interface Body {
  contentType: string | null;
  contentEncoding: string | null;
  content: string | Buffer;
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ minLength: 12, maxLength: 40 }));
const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const contents = {
  json: fc.jsonValue({ maxDepth: 3 }),
  text: fc.oneof(text, fc.constant(null)),
  binary: fc.oneof(base64, fc.constant(null)),
};

/** A body of records that is in order, or would be if it were not for a member of one of them. */
const recordsIn = (format: keyof typeof contents, { there }: TopicNames) =>
  fc.array(
    fc.record(
      {
        value: contents[format],
        key: contents[format],
        partition: fc.constantFrom(0, 1, 2, -1, null, 1.5, '0'),
        timestamp: fc.constantFrom(0, 1_767_225_600_000, '2026-01-01T00:00:00Z', -1, 'soon', null, 9_007_199_254_740_991),
        headers: fc.array(fc.record({ key: text, value: fc.oneof(base64, fc.constant(null)) }), { maxLength: 3 }),
        topic: fc.constantFrom(...there, 'no-such-topic', '..', ''),
        surplus: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 5 },
  );

/** Members that few records should have: most bodies would be refused for them. */
const rare = ['surplus', 'topic', 'partition', 'timestamp'];

const produceBody = (topics: TopicNames) =>
  fc.constantFrom('json', 'text', 'binary' as const).chain((format) =>
    fc.tuple(recordsIn(format, topics), fc.subarray(rare), fc.boolean()).map(([records, left, all]) => ({
      contentType: `application/vnd.kafka.${format}.v2+json`,
      text: JSON.stringify({ records: all ? records : records.map((record) => without(record, left)) }),
    })),
  );

const without = (record: object, names: readonly string[]) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** Few names, and never many partitions: the topics stay. */
const topicBody = ({ added }: TopicNames) =>
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
    .map((body) => ({ contentType: 'application/json', text: JSON.stringify(body) }));

const deep = fc
  .tuple(
    fc.constantFrom('[', '{"a":', '{"records":[', '{"records":[{"value":[', '{"topic_name":'),
    fc.constantFrom(10, 511, 513, 5000, 200_000),
  )
  .map(([opening, depth]) => `${opening}${'['.repeat(depth)}${']'.repeat(depth)}${opening.startsWith('{"records"') ? ']}'.repeat(2) : ''}`);

const oddJson = fc.constantFrom(
  ...[
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"records":[{"__proto__":1,"value":"a"}]}',
    '[]',
    'null',
    '""',
  ],
  ...[
    '{"records":[{"value":"a","value":"b"}]}',
    '{"records":[{"value":1e999}]}',
    '{"records":[{"value":"\\ud800"}]}',
    '{"records":[{"headers":[{}]}]}',
  ],
  ...[
    '{"records":[{"value":-}]}',
    '{"records":[{"value":\u00a01}]}',
    '\ufeff{"records":[{"value":1}]}',
    '{"topic_name":"a","__proto__":{}}',
  ],
);

/** Cuts a part out, doubles it, or puts something in its place. */
const mutated = (body: fc.Arbitrary<string>) =>
  fc
    .tuple(body, fc.nat(), fc.nat({ max: 20 }), fc.oneof(fc.constantFrom('', '"', '\\', '{', ']', ',', '\0', '\ud800', '0', 'null'), text))
    .map(([whole, at, length, other]) => {
      const from = whole.length === 0 ? 0 : at % whole.length;
      return whole.slice(0, from) + (other === '0' ? whole.slice(from, from + length).repeat(2) : other) + whole.slice(from + length);
    });

const types = [
  ...['binary', 'json', 'text', 'avro', 'xml'].map((format) => `application/vnd.kafka.${format}.v2+json`),
  ...[
    'application/vnd.kafka.v2+json',
    'application/json',
    'application/cloudevents+json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    ';',
    '__proto__',
  ],
];

/** Bodies for a path, on a Kafka with these topics: as they should be, or nearly, or not at all. */
export function anyBody(path: string, topics: TopicNames): fc.Arbitrary<Body> {
  const typed = /admin/.test(path) ? topicBody(topics) : produceBody(topics);
  const texts = typed.map((body) => body.text);
  const typedOdd = fc.record({ contentType: fc.constantFrom(...types), text: fc.oneof(mutated(texts), deep, oddJson, text, fc.json()) });
  const asText = fc
    .oneof({ weight: 3, arbitrary: typed }, { weight: 2, arbitrary: typedOdd })
    .map((body) => ({ ...body, content: body.text }));
  const noText = fc.record({
    contentType: fc.constantFrom(...types),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  });
  const none = fc.constant({ contentType: null, content: '' });
  const encodings = fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    fc.constantFrom('gzip', 'x-gzip', 'identity', 'br', 'gzip, gzip', 'cut'),
  );
  return fc
    .tuple(fc.oneof({ weight: 8, arbitrary: asText }, noText, none), encodings)
    .map(([{ contentType, content }, contentEncoding]) => {
      if (contentEncoding === 'cut') return { contentType, contentEncoding: 'gzip', content: gzipSync(content).subarray(0, 15) };
      return { contentType, contentEncoding, content: contentEncoding?.endsWith('gzip') ? gzipSync(content) : content };
    });
}
