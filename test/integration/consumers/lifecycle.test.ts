import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsumer, newGroup } from '../../harness/consumers/consumer-requests.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

test('an instance is created, subscribes, polls, commits and is deleted', async (t) => {
  const [topic, group] = [await createTopic({ partitions: 2 }), newGroup()];
  await produce(topic, 'json', [
    { key: 'k', value: { n: 1 }, partition: 0 },
    { key: null, value: { n: 2 }, partition: 0 },
  ]);
  const consumer = await createConsumer(t, group, { format: 'json', 'auto.commit.enable': 'false' });

  const subscribed = await consumer.subscribe([topic]);
  const polled = await consumer.poll({}, { headers: { accept: mediaTypes.json } });
  const again = await consumer.poll();
  const committed = await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'so far' }]);
  const shown = await consumer.committed();
  const deleted = await consumer.remove();
  const gone = await consumer.poll();

  assert.deepEqual([subscribed.status, subscribed.text], [204, '']);
  assert.equal(polled.headers['content-type'], mediaTypes.json);
  assert.deepEqual(
    polled.json.map(({ timestamp, ...record }) => record),
    [
      { topic, partition: 0, offset: 0, key: 'k', value: { n: 1 }, headers: [] },
      { topic, partition: 0, offset: 1, key: null, value: { n: 2 }, headers: [] },
    ],
  );
  assert.equal(again.text, '[]');
  assert.equal(committed.status, 204, committed.text);
  assert.deepEqual(shown.json, { offsets: [{ topic, partition: 0, offset: 1, metadata: 'so far' }] });
  assert.equal(deleted.status, 204, deleted.text);
  assertRefused(gone, { status: 404, code: 40403, message: /^Consumer instance not found/ });
});
