import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { CompressionTypes, Partitioners } from 'kafkajs';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { base64, type FetchedRecord, fetchPage, followLinks, mediaTypes } from '../../harness/http/requests.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** What Lambda takes as an answer. */
const LAMBDA_LIMIT = 6 * 1024 * 1024;
const ALL = 100_000_000;

suite('a log larger than a response', () => {
  /** 90 records of about 100 kB: text that swells in JSON, quotes and backslashes that swell twice, and letters of two bytes. */
  const values = Array.from({ length: 90 }, (_, i) =>
    JSON.stringify({ i, text: ['a"\\\n', 'ü', 'abc'][i % 3].repeat([15_000, 50_000, 33_000][i % 3]) }),
  );
  let topic: string;

  before(async () => {
    topic = await createTopic();
    for (let i = 0; i < values.length; i += 5)
      await writeTopic(
        topic,
        values.slice(i, i + 5).map((value) => ({ value })),
      );
  });

  for (const format of ['binary', 'json', 'text'] as const) {
    test(`a page of ${format} fills the answer that Lambda takes, and the next goes on`, async () => {
      const first = await fetchPage(topic, format, { offset: 0, max_bytes: ALL });
      const pages = await followLinks(topic, format, { offset: 0, max_bytes: ALL, timeout: 0 });

      assert.equal(first.status, 200);
      assert.ok(first.size <= LAMBDA_LIMIT, `${first.size} bytes`);
      assert.ok(first.size > LAMBDA_LIMIT - 300_000, `only ${first.size} bytes`);
      assert.equal(first.headers['kafka-next-offset'], String(first.json.length));
      assert.deepEqual(pages[0], first.json);
      assert.deepEqual(pages.flat().map(shown(format)), values);
    });
  }
});

const shown =
  (format: 'binary' | 'json' | 'text') =>
  ({ value }: FetchedRecord): string => {
    if (format === 'json') return JSON.stringify(value);
    return format === 'text' ? String(value) : Buffer.from(String(value), 'base64').toString();
  };

suite('a record larger than a response', () => {
  const large = Buffer.alloc(6_400_000, 'x');
  let topic: string;

  before(async () => {
    topic = await createTopic({ configs: { 'max.message.bytes': '8000000' } });
    await writeTopic(topic, [{ value: 'before' }, { value: 'before' }]);
    await writeTopic(topic, [{ key: 'key', value: large }]);
    await writeTopic(topic, [{ value: 'behind' }]);
  });

  for (const format of ['binary', 'text'] as const) {
    test(`what stands before it is shown in ${format}, then 413 says how to go on`, async () => {
      const first = await fetchPage(topic, format, { offset: 0, max_bytes: ALL });
      const refused = await fetchPage(topic, format, { offset: first.headers['kafka-next-offset'] });
      const behind = await fetchPage(topic, format, 'offset=3');

      assert.deepEqual(
        first.json.map(({ offset }) => offset),
        [0, 1],
      );
      const message = /^The record at offset 2 has 6400003 bytes, more than a response can hold: continue with offset=3$/;
      assertRefused(refused, { status: 413, code: 413, message, mediaType: mediaTypes[format] });
      assert.deepEqual(
        behind.json.map(({ value }) => value),
        [format === 'text' ? 'behind' : base64('behind')],
      );
    });
  }
});

test('a record that fits the answer by itself is returned, whatever max_bytes says', async () => {
  const topic = await createTopic({ configs: { 'max.message.bytes': '8000000' } });
  await writeTopic(topic, [{ value: 'x'.repeat(6_000_000) }]);

  const text = await fetchPage(topic, 'text', 'offset=0&max_bytes=1');
  const binary = await fetchPage(topic, 'binary', 'offset=0&max_bytes=1');

  assert.deepEqual([text.status, String(text.json[0].value).length], [200, 6_000_000]);
  assert.ok(text.size <= LAMBDA_LIMIT);
  // In base64 it no longer fits.
  assert.equal(binary.status, 413);
});

/** Zeros that brokers take, because gzip makes them small. */
async function writeGzipped(topic: string, value: Buffer): Promise<void> {
  const producer = kafkaClient().producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: [{ value }], compression: CompressionTypes.GZIP });
  await producer.disconnect();
}

test('a batch that inflates too far hides nothing that stands before or behind it', async () => {
  const topic = await createTopic();
  const bomb = Buffer.alloc(65 * 1024 * 1024);
  await writeTopic(topic, [{ value: 'before' }]);
  await writeGzipped(topic, bomb);
  await writeTopic(topic, [{ value: 'behind' }]);

  const first = await fetchPage(topic, 'text', 'offset=0');
  const refused = await fetchPage(topic, 'text', 'offset=1');
  const behind = await fetchPage(topic, 'text', 'offset=2');

  assert.deepEqual(
    [...first.json, ...behind.json].map(({ value }) => value),
    ['before', 'behind'],
  );
  const message = /^The batch of offsets 1 to 1 cannot be read, as it inflates to more than 67108864 bytes: continue with offset 2$/;
  assertRefused(refused, { status: 413, code: 413, message, mediaType: mediaTypes.text });
});
