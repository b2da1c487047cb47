import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { configure } from '../../harness/http/gateway.ts';
import { base64, fetchPage, mediaTypes, post } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const RUNS = 150;
const plainObject = { noNullPrototype: true };

/** A JSON value as a client may write it, and as it is to reach Kafka. */
interface JsonText {
  sent: string;
  compact: string;
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const name = fc.string({ unit: 'grapheme', maxLength: 20 });
const headers = fc.array(fc.record({ key: name, value: orNull(bytes.map(base64)) }, plainObject), { maxLength: 4 });
const timestamp = fc.integer({ min: 0, max: 1_750_000_000_000 });
const compression = fc.constantFrom('none', 'gzip', 'snappy', 'lz4', 'zstd');

test('any keys, values, headers and times come back the same in binary', async () => {
  const topic = await createTopic();
  const field = orNull(bytes.map(base64));
  const record = fc.record({ key: field, value: field, headers, timestamp }, plainObject);

  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), compression, async (records, codec) => {
      const { json } = await post(`/topics/${topic}`, 'binary', { records }, { query: { compression: codec } });
      const [first] = json.offsets;
      const page = await fetchPage(topic, 'binary', { offset: first.offset ?? -1, timeout: 0 });

      assert.deepEqual(
        page.json,
        records.map((sent, i) => ({ topic, partition: 0, offset: (first.offset ?? -1) + i, ...sent })),
      );
    }),
    { numRuns: RUNS },
  );
});

test('any text comes back the same', async () => {
  const topic = await createTopic();
  // Half of a surrogate pair is no text that UTF-8 has.
  const field = orNull(
    fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\u0000', '\u2028', '\ufeff'), fc.string({ unit: 'grapheme', maxLength: 1 })) }),
  );
  const record = fc.record({ key: field, value: field, headers, timestamp }, plainObject);

  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
      const { json } = await post(`/topics/${topic}`, 'text', { records });
      const [first] = json.offsets;
      const page = await fetchPage(topic, 'text', { offset: first.offset ?? -1, timeout: 0 });

      assert.deepEqual(
        page.json,
        records.map((sent, i) => ({ topic, partition: 0, offset: (first.offset ?? -1) + i, ...sent })),
      );
    }),
    { numRuns: RUNS },
  );
});

test('any JSON comes back digit by digit, without its insignificant whitespace', async () => {
  const topic = await createTopic();
  const record = fc.record({ key: jsonText, value: jsonText, headers, timestamp }, plainObject);

  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 10 }), compression, async (records, codec) => {
      const body = records.map(
        (sent) =>
          `{ "key" :${sent.key.sent}, "headers":${JSON.stringify(sent.headers)},"timestamp": ${sent.timestamp} , "value":${sent.value.sent}}`,
      );
      const { json } = await post(`/topics/${topic}`, 'json', `{"records": [${body}]}`, { query: { compression: codec } });
      const from = json.offsets[0].offset ?? -1;
      const page = await fetchPage(topic, 'json', { offset: from, timeout: 0 });

      const expected = records.map(
        (sent, i) =>
          `{"topic":"${topic}","partition":0,"offset":${from + i},"timestamp":${sent.timestamp},"key":${sent.key.compact},` +
          `"value":${sent.value.compact},"headers":${JSON.stringify(sent.headers)}}`,
      );
      assert.equal(page.text, `[${expected}]`);
      assert.equal(page.headers['content-type'], mediaTypes.json);
    }),
    { numRuns: RUNS },
  );
});

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const scalar = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0', '1.10', '1e400', '-1E-7', '12345678901234567890', '""', '"\\u00e9\\ud800"', '"\\/"'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
);
const scalarText: fc.Arbitrary<JsonText> = fc.tuple(space, scalar, space).map(([before, text, after]) => ({
  sent: before + text + after,
  compact: text,
}));

const { jsonText } = fc.letrec<{ jsonText: JsonText; array: JsonText; object: JsonText }>((tie) => ({
  jsonText: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalarText, tie('array'), tie('object')),
  array: fc.array(tie('jsonText'), { maxLength: 4 }).map((items) => ({
    sent: ` [ ${items.map(({ sent }) => sent)} ]\n`,
    compact: `[${items.map(({ compact }) => compact)}]`,
  })),
  object: fc
    .array(
      fc.tuple(
        name.map((text) => JSON.stringify(text)),
        tie('jsonText'),
      ),
      { maxLength: 4 },
    )
    .map((members) => ({
      sent: `{ ${members.map(([key, { sent }]) => `${key} :${sent}`)} } `,
      compact: `{${members.map(([key, { compact }]) => `${key}:${compact}`)}}`,
    })),
}));
