import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assertRefused } from '../http/refusal.ts';
import { produce } from '../http/requests.ts';
import { createTopic, recreateTopic } from '../kafka/topics.ts';
import { until } from '../until.ts';
import type { Keeper } from './consumer-cases.ts';
import { createConsumer, newGroup, type TestConsumer } from './consumer-requests.ts';

const ANEW = ['c', 'd', 'e'];
const texts = (values: readonly string[]) => values.map((value) => ({ value }));

/** What consumers do with a topic that was deleted and recreated, for any store. */
export function testRecreatedTopics({ kafka, endSessions }: Keeper): void {
  /** A consumer that has read a whole topic and committed a part of it. */
  async function havingRead(t: TestContext, begin: (consumer: TestConsumer, topic: string) => Promise<unknown>) {
    const [topic, group] = [await createTopic({ bootstrapServers: kafka() }), newGroup()];
    await produce(topic, 'text', texts(['a', 'b']));
    const consumer = await createConsumer(t, group);
    await begin(consumer, topic);
    assert.deepEqual(await consumer.values(), ['a', 'b']);
    return { topic, group, consumer };
  }
  const subscribed = (consumer: TestConsumer, topic: string) => consumer.subscribe([topic]);
  const assigned = (consumer: TestConsumer, topic: string) => consumer.assign([{ topic, partition: 0 }]);
  async function makeAnew(topic: string): Promise<void> {
    await recreateTopic(topic, 1, kafka());
    await produce(topic, 'text', texts(ANEW));
  }
  /** Polls until it has read the whole new topic: records may come before the group knows that the topic is new. */
  async function readsAll(consumer: TestConsumer): Promise<void> {
    const received = new Set<unknown>();
    await until(async () => {
      const { status, text, json } = await consumer.poll({ timeout: 500 });
      // 409: the group is rebalancing, or another poll has found the new topic.
      assert.ok(status === 200 || status === 409, text);
      if (status === 200) for (const { value } of json) received.add(value);
      return ANEW.every((value) => received.has(value));
    });
  }

  test('a topic that is made anew between two polls is read from its beginning', async (t) => {
    const { topic, consumer } = await havingRead(t, subscribed);
    await consumer.commit();

    await makeAnew(topic);

    await readsAll(consumer);
  });

  test('so is one that is made anew while its consumers are away', async (t) => {
    // What an instance needs to rejoin is in the committed offsets of a topic, which are deleted with the topic.
    const kept = await createTopic({ bootstrapServers: kafka() });
    const { topic, group, consumer } = await havingRead(t, (one, renewed) => one.subscribe([kept, renewed]));
    await endSessions(group);

    await makeAnew(topic);

    await readsAll(consumer);
  });

  test('who leaves after its topic was made anew commits nothing of it', async (t) => {
    const { topic, group, consumer } = await havingRead(t, subscribed);
    await makeAnew(topic);

    await consumer.remove();
    const next = await createConsumer(t, group);
    await next.subscribe([topic]);

    await readsAll(next);
  });

  test('an assignment by hand goes with its topic, and is made again on the new one', async (t) => {
    const { topic, consumer } = await havingRead(t, assigned);
    await makeAnew(topic);
    let refused = await consumer.poll();
    await until(async () => {
      refused = await consumer.poll();
      return refused.status !== 200;
    });

    const again = await assigned(consumer, topic);
    const values = await consumer.values();

    assertRefused(refused, { status: 409, code: 40903, message: /subscribe|assign/i });
    assert.deepEqual([again.status, values], [204, ANEW]);
  });

  test('an assignment that is made again at once is of the new topic', async (t) => {
    const { topic, consumer } = await havingRead(t, assigned);
    await makeAnew(topic);

    await assigned(consumer, topic);

    assert.deepEqual(await consumer.values(), ANEW);
  });
}
