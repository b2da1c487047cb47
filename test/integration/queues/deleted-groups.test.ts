import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { createQueue, describeQueue, receive, receiveSome, settle, settleAll } from './queue-requests.ts';

configure(sharedKafka());

test('a queue that was deleted is made anew by a process that knew it, once Kafka keeps no settlements of it', async () => {
  const topic = await createTopic();
  const queue = await createQueue();
  await produce(topic, 'text', [{ value: 'before' }]);
  await settleAll(queue, 'ack', [(await receiveSome(queue, { topics: [topic] })).receipt]);
  const { status } = await call('DELETE', `/groups/${queue}`);
  assert.equal(status, 204);
  // Brokers deliver on, from what they remember of the group.
  await produce(topic, 'text', [{ value: 'after' }]);
  const { receipt } = await receiveSome(queue, { topics: [topic] });
  const refused = await settle(queue, 'ack', [receipt]);
  assert.equal(refused.status, 409, refused.text);
  assert.match(refused.text, /40907.*as their queue was deleted/);

  await receive(queue, { topics: [topic] });

  const described = await describeQueue(queue);
  assert.equal(described.status, 200, described.text);
});
