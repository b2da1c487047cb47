import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, deleteTopic, recreateTopic } from '../../harness/kafka/topics.ts';
import { createQueue, receive, receiveSome, settle } from './queue-requests.ts';

configure(sharedKafka());

/** Receives a record of a topic, and acknowledges it: from then on this process knows the topic. */
async function takeOne(queue: string, topics: readonly string[]): Promise<void> {
  const { receipt } = await receiveSome(queue, { topics, max: 1 });
  await settle(queue, 'ack', [receipt]);
}

test('a topic that was made anew is received from, though another of its name was known', async () => {
  const topic = await createTopic();
  const queue = await createQueue();
  await produce(topic, 'text', [{ value: 'old' }]);
  await takeOne(queue, [topic]);

  await recreateTopic(topic);
  await produce(topic, 'text', [{ value: 'new' }]);

  const { records } = await receiveSome(queue, { topics: [topic], format: 'text' });
  assert.deepEqual(
    records.map(({ value }) => value),
    ['new'],
  );
});

test('a topic that is gone is told of, and records of others are not delivered in vain again and again', async () => {
  const [kept, gone] = [await createTopic(), await createTopic()];
  const queue = await createQueue();
  for (const topic of [kept, gone]) await produce(topic, 'text', [{ value: 'before' }]);
  for (let taken = 0; taken < 2; taken++) await takeOne(queue, [kept, gone]);
  await deleteTopic(gone);
  await produce(kept, 'text', [{ value: 'after' }]);

  for (let tries = 0; tries < 3; tries++) {
    assertRefused(await receive(queue, { topics: [kept, gone] }), { status: 404, code: 40401, message: /There is no topic/ });
  }

  const [{ value, deliveries }] = (await receiveSome(queue, { topics: [kept], format: 'text' })).records;
  assert.equal(value, 'after');
  assert.ok(deliveries <= 3, `it was delivered ${deliveries} times`);
});

test('a rejection copies no record of the topic that was made anew', async () => {
  const [topic, deadLetters] = [await createTopic(), await createTopic()];
  const queue = await createQueue();
  await produce(topic, 'text', [{ value: 'old' }]);
  const { receipt } = await receiveSome(queue, { topics: [topic] });
  await recreateTopic(topic);
  await produce(topic, 'text', [{ value: 'new' }]);

  const rejected = await settle(queue, 'reject', [receipt], { dead_letter_topic: deadLetters });

  assertRefused(rejected, { status: 409, code: 40907, message: /made anew/ });
  const { text } = await call('GET', `/topics/${deadLetters}/offsets`);
  assert.equal(text, '[{"partition":0,"beginning_offset":0,"end_offset":0}]');
});
