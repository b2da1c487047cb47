import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { joinQueueWithJava } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';
import { createQueue, receive, receiveSome, settleAll } from './queue-requests.ts';

configure(sharedKafka());

const COUNT = 200;

test("Java's share consumer and receives over HTTP share a queue, and no record goes to both", async (t) => {
  const [topic, queue] = [await createTopic({ partitions: 2 }), await createQueue()];
  await produce(topic, 'json', [{ value: 'first' }]);
  const first = await receiveSome(queue, { topics: [topic] });
  await settleAll(queue, 'ack', [first.receipt]);
  const member = await joinQueueWithJava(t, queue, topic);
  const ours = new Set<string>();
  const theirs = () => member.received.map(({ partition, offset }) => `${partition}@${offset}`);
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ value: n, partition: n % 2 }));
  await produce(topic, 'json', numbered(COUNT));
  await until(() => member.received.length > 0);
  await produce(topic, 'json', numbered(COUNT));

  await until(async () => {
    const { json } = await receive(queue, { topics: [topic], max: 5, wait: 100 });
    for (const { partition, offset } of json.records) ours.add(`${partition}@${offset}`);
    if (json.receipt !== null) await settleAll(queue, 'ack', [json.receipt]);
    return ours.size + member.received.length >= 2 * COUNT;
  });

  assert.deepEqual(
    theirs().filter((place) => ours.has(place)),
    [],
  );
  assert.equal(new Set([...ours, ...theirs()]).size, 2 * COUNT);
});
