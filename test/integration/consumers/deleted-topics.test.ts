import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createConsumer, newGroup, type TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { type Answer, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, deleteTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

/** An instance that reads two topics, the second of which was handed out last: the next poll commits that. */
async function readingTwo(t: TestContext) {
  const [kept, gone] = [await createTopic(), await createTopic()];
  const consumer = await createConsumer(t, newGroup());
  await consumer.subscribe([kept, gone]);
  for (const topic of [kept, gone]) {
    await produce(topic, 'text', [{ value: 'before' }]);
    assert.deepEqual(await consumer.values(), ['before']);
  }
  return { kept, gone, consumer };
}

test('a topic that is deleted between two polls takes nothing from the other', async (t) => {
  const { kept, gone, consumer } = await readingTwo(t);

  await deleteTopic(gone);
  await produce(kept, 'text', [{ value: 'after' }]);

  assert.deepEqual(await consumer.values(), ['after']);
  await produce(kept, 'text', [{ value: 'at last' }]);
  assert.deepEqual(await consumer.values(), ['at last']);
});

for (const [what, request] of [
  ['deletes', (consumer) => consumer.remove()],
  ['subscribes', (consumer, kept) => consumer.subscribe([kept])],
  ['commits everything of', (consumer) => consumer.commit()],
  ['seeks in', (consumer, kept) => consumer.seek([{ topic: kept, partition: 0, offset: 0 }])],
] as const satisfies [string, (consumer: TestConsumer, kept: string) => Promise<Answer>][]) {
  test(`a request that ${what} an instance with a deleted topic is carried out`, async (t) => {
    const { kept, gone, consumer } = await readingTwo(t);
    await deleteTopic(gone);

    const { status, text } = await request(consumer, kept);

    assert.equal(status, 204, text);
  });
}

test('a topic that is deleted while a poll waits does not end the poll', async (t) => {
  const { kept, gone, consumer } = await readingTwo(t);
  const waiting = consumer.values();

  await deleteTopic(gone);
  await produce(kept, 'text', [{ value: 'after' }]);

  assert.deepEqual(await waiting, ['after']);
});
