import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { base64, fetchPage, followLinks } from '../../harness/http/requests.ts';
import { writeWithJava } from '../../harness/kafka/java-clients.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** Sizes from nothing to beyond the blocks of every codec; content that shrinks and content that does not. */
const values = Array.from({ length: 200 }, (_, i) => {
  const size = i % 50 === 49 ? 100_000 : i * 11;
  return Buffer.from(Array.from({ length: size }, (_, at) => (i % 2 === 0 ? at % 7 : Math.imul(at + i, 2_654_435_761) >>> 24)));
});
const records = values.map((value, i) => ({ key: Buffer.from(`k${i}`), value, headers: [{ key: 'i', value: Buffer.from([i]) }] }));

for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
  test(`a batch that Java wrote with ${compression} is read whole, and from its middle`, async () => {
    const topic = await createTopic();
    await writeWithJava(topic, records, { compression });

    const whole = (await followLinks(topic, 'binary', 'offset=0&timeout=0')).flat();
    const middle = await fetchPage(topic, 'binary', 'offset=101&limit=3');
    const last = await fetchPage(topic, 'binary', 'offset=199');

    assert.deepEqual(
      whole.map(({ offset, key, value, headers }) => [offset, key, value, headers]),
      values.map((value, i) => [i, base64(`k${i}`), base64(value), [{ key: 'i', value: base64(Buffer.from([i])) }]]),
    );
    assert.deepEqual(
      middle.json.map(({ offset }) => offset),
      [101, 102, 103],
    );
    assert.equal(middle.headers['kafka-next-offset'], '104');
    assert.deepEqual(
      last.json.map(({ offset, value }) => [offset, value]),
      [[199, base64(values[199])]],
    );
  });
}

suite('a log of compressed and uncompressed batches', () => {
  let topic: string;

  before(async () => {
    topic = await createTopic();
    await writeWithJava(topic, records.slice(0, 60), { compression: 'lz4' });
    await writeWithJava(topic, records.slice(60, 120));
  });

  for (const query of ['limit=1', 'limit=7', 'max_bytes=1', 'max_bytes=1000', 'max_bytes=30000&limit=60']) {
    test(`links followed with ${query} read everything exactly once`, async () => {
      const pages = await followLinks(topic, 'binary', `offset=earliest&timeout=0&${query}`);

      assert.ok(pages.length > 1);
      assert.deepEqual(
        pages.flat().map(({ offset, value }) => [offset, value]),
        values.slice(0, 120).map((value, i) => [i, base64(value)]),
      );
    });
  }

  test('a page has at most max_bytes, unless it is one record', async () => {
    const pages = await followLinks(topic, 'binary', 'offset=0&timeout=0&max_bytes=1500');

    for (const page of pages) {
      const size = page.reduce((sum, { offset }) => sum + values[offset].length + `k${offset}`.length, 0);
      assert.ok(page.length === 1 || size <= 1500, `${page.length} records of ${size} bytes`);
    }
  });
});
