import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { writeTopic } from '../harness/kafka/records.ts';
import { sharedKafka } from '../harness/kafka/shared-kafka.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, send } from '../harness/lambda/api-gateway.ts';
import { startGateway } from '../harness/lambda/deployed-function.ts';

const env = { KAFKA_BOOTSTRAP_SERVERS: sharedKafka() };

suite("within Lambda's 6 MB a payload", () => {
  test('a request may carry 4.4 MB of records', async (t) => {
    const topic = await createTopic({ partitions: 3 });
    const fn = await startGateway(t, 'produce', { env });
    const record = { value: 'x'.repeat(100) };
    const count = Math.floor(4_400_000 / (JSON.stringify(record).length + 1));

    const response = await send(fn, {
      route: 'POST /topics/{topic}',
      target: `/topics/${topic}`,
      headers: { 'content-type': 'application/vnd.kafka.json.v2+json' },
      body: JSON.stringify({ records: Array(count).fill(record) }),
    });

    assertOk(response);
    const { offsets } = response.json<{ offsets: { offset: number | null }[] }>();
    assert.equal(offsets.filter(({ offset }) => offset !== null).length, count);
  });

  for (const format of ['json', 'binary']) {
    test(`pages of ${format} records come whole, however much is asked for`, async (t) => {
      const topic = await createTopic();
      // Every quote and backslash of it grows twice: in the text of the response, and when that goes into Lambda's JSON.
      const value = JSON.stringify('"\\'.repeat(50_000));
      const values = Array.from({ length: 40 }, () => value);
      for (let i = 0; i < values.length; i += 4)
        await writeTopic(
          topic,
          values.slice(i, i + 4).map((text) => ({ value: text })),
        );
      const fn = await startGateway(t, 'fetch-from-offset', { env });

      const read: number[] = [];
      while (read.length < values.length) {
        const response = await send(fn, {
          route: 'GET /topics/{topic}/partitions/{partition}/records',
          target: `/topics/${topic}/partitions/0/records?offset=${read.length}&max_bytes=100000000`,
          headers: { accept: `application/vnd.kafka.${format}.v2+json` },
        });
        assertOk(response);
        const page = response.json<{ offset: number }[]>();
        assert.notEqual(page.length, 0);
        read.push(...page.map(({ offset }) => offset));
      }

      assert.deepEqual(read, [...values.keys()]);
    });
  }
});
