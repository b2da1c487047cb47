import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assertRefused } from '../http/refusal.ts';
import { produce } from '../http/requests.ts';
import { createTopic } from '../kafka/topics.ts';
import type { ProxiedKafka } from '../proxy/proxied-kafka.ts';
import { until } from '../until.ts';
import { createConsumer, newGroup } from './consumer-requests.ts';

/** What happens to concurrent requests of one instance, for any store. @param kafka of the gateway; available once the tests run */
export function testOverlaps(kafka: () => ProxiedKafka): void {
  test('a commit while a poll of the same instance waits is kept', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    kafka().proxy.startCounting();
    const polling = consumer.values();
    await until(() => kafka().proxy.requests().includes('Fetch'));

    await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'mine' }]);
    await produce(topic, 'text', [{ value: 'b' }]);
    const values = await polling;
    const committed = await consumer.committed();

    assert.deepEqual(values, ['b']);
    assert.deepEqual(committed.json.offsets, [{ topic, partition: 0, offset: 1, metadata: 'mine' }]);
  });

  test('a seek while a poll of the same instance waits is kept, and the poll is refused', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    kafka().proxy.startCounting();
    const polling = consumer.poll({ timeout: 8000 });
    await until(() => kafka().proxy.requests().includes('Fetch'));

    await consumer.seek([{ topic, partition: 0, offset: 0 }]);
    await produce(topic, 'text', [{ value: 'b' }]);
    const refused = await polling;

    assertRefused(refused, { status: 409, code: 40903, message: /Another request has moved this consumer/ });
    assert.deepEqual(await consumer.values(), ['a', 'b']);
  });

  test('of two polls of one instance at once, both get no record twice', async (t) => {
    const { topic, consumer } = await consumerAtEnd(t, kafka());
    for (let i = 0; i < 5; i++) {
      await produce(topic, 'text', [{ value: `b${i}` }]);

      const answers = await Promise.all([1, 2, 3].map(() => consumer.poll({ timeout: 8000 })));

      const got = answers.flatMap(({ status, json }) => (status === 200 ? json.map(({ value }) => value) : []));
      assert.deepEqual(got, [`b${i}`]);
      for (const refused of answers.filter(({ status }) => status !== 200)) {
        assertRefused(refused, { status: 409, code: 40903, message: /Another request has moved this consumer/ });
      }
    }
  });
}

/** A consumer without automatic commits that has read its whole topic: one record, `a`. */
async function consumerAtEnd(t: TestContext, { direct }: ProxiedKafka) {
  const topic = await createTopic({ bootstrapServers: direct });
  await produce(topic, 'text', [{ value: 'a' }]);
  const consumer = await createConsumer(t, newGroup(), { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.values();
  return { topic, consumer };
}
