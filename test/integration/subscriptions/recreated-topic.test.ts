import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { gatewayCluster } from '../../../lib/clusters/kafka-cluster.ts';
import { topicIdsNow } from '../../../lib/kafka/topics/topic-ids-now.ts';
import { KafkaLog } from '../../../lib/routes/subscriptions/kafka-log.ts';
import { pushTools } from '../../../lib/routes/subscriptions/push-tools.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, recreateTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { act, deliverFor, get, subscribe } from '../../harness/push/push-requests.ts';
import { until } from '../../harness/until.ts';

let push: PushWorld;
let topic: string;
let name: string;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());
beforeEach(async () => {
  topic = await createTopic({ partitions: 2 });
  name = await subscribe(topic, push.receiver, { format: 'raw' });
  push.receiver.received = [];
  push.receiver.script = () => 204;
});

const values = () =>
  push.receiver
    .receivedOf(topic)
    .map(({ body }) => String(body))
    .sort();

const idOf = async (): Promise<string> => (await topicIdsNow(gatewayCluster(), [topic], Date.now() + 10_000)).get(topic) ?? '';

/** What is committed by a process that has not noticed yet. */
async function commitLate(topicId: string, partition: number, offset: number): Promise<void> {
  const subscription = await pushTools().store.get(name, Date.now() + 10_000);
  assert.ok(subscription);
  await new KafkaLog(gatewayCluster(), subscription, async () => [topic], 1).commit(
    'main',
    [{ topic, topicId, partition, offset }],
    null,
    Number.POSITIVE_INFINITY,
  );
}

/** Deletes the topic, and makes it again with one partition. Gives the id that it had. */
async function makeAnew(): Promise<string> {
  const id = await idOf();
  await recreateTopic(topic);
  return id;
}

suite('of a topic that was deleted and made again, a subscription gets all', () => {
  test('where its offset is behind the end of the new log', async () => {
    await makeAnew();
    await writeTopic(topic, [{ value: 'n1' }, { value: 'n2' }]);
    await commitLate('', 0, 5);

    await deliverFor(30_000);

    assert.deepEqual(values(), ['n1', 'n2']);
    assert.deepEqual([(await get(name)).lag, (await get(name)).problem], [0, null]);
  });

  test('where its offset is in the new log, but is the old one’s', async () => {
    const id = await makeAnew();
    await writeTopic(topic, [{ value: 'n1' }, { value: 'n2' }, { value: 'n3' }]);
    await commitLate(id, 0, 2);

    await deliverFor(30_000);

    assert.deepEqual(values(), ['n1', 'n2', 'n3']);
  });

  test('while it is delivered', async () => {
    await writeTopic(topic, [{ value: 'o1' }, { value: 'o2' }, { value: 'o3' }, { value: 'o4' }]);
    const held = Promise.withResolvers<void>();
    push.receiver.script = ({ body }) => {
      if (String(body) !== 'o4') return 204;
      return (response) => void held.promise.then(() => response.writeHead(204).end());
    };
    const running = deliverFor(60_000);
    await until(() => values().length === 4);

    await makeAnew();
    await writeTopic(topic, [{ value: 'n1' }]);
    held.resolve();
    await running;

    assert.deepEqual(values(), ['n1', 'o1', 'o2', 'o3', 'o4']);
  });
});

test('a replay of a topic that was deleted and made again since comes to its end', async () => {
  await writeTopic(topic, [{ value: 'o1' }]);
  await deliverFor(30_000);
  await act(name, 'replay', { from: 0 });
  await makeAnew();

  await deliverFor(30_000);

  assert.equal((await get(name)).replaying, false);
});
