import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../lib/errors.ts';
import { askController } from '../../../../lib/kafka/cluster/ask-controller.ts';
import { createTopics } from '../../../../lib/kafka/protocol/create-topics.ts';
import { message } from '../../../../lib/messages/message.ts';
import { createTopicsAnswer } from '../../../harness/fake-broker/broker-side.ts';
import { brokersOf, type Call, FakeCluster, withMetadata } from '../../../harness/fake-broker/fake-cluster.ts';
import { pass, stopTime, timePasses } from '../../../harness/virtual-time.ts';

const change = createTopics({ name: 'orders', partitions: 1, replicationFactor: 1, configs: {} }, 1000);

function clusterAnswering(answer: (call: Call) => Buffer | Promise<Buffer>) {
  const broker = withMetadata<Call>(() => ({ brokers: brokersOf(1), controller: 1 }), answer);
  return new FakeCluster({ 'broker-1:9092': broker });
}

const ask = (answer: (call: Call) => Buffer | Promise<Buffer>, explain?: (error: number) => GatewayError | null) =>
  askController(clusterAnswering(answer), change, Date.now() + 10_000, message('KafkaUnavailable', 'Nobody knows.'), explain);

test('what the controller did is done', async () => {
  await ask(() => createTopicsAnswer('orders', 0, null));
});

test('an error is what it always is, with the words of the broker, unless it is explained', async () => {
  const explain = (error: number) => (error === 36 ? new GatewayError('TopicNotFound', 'Explained.') : null);

  await assert.rejects(
    ask(() => createTopicsAnswer('orders', 37, 'words'), explain),
    { name: 'InvalidArgument', message: /words/ },
  );
  await assert.rejects(
    ask(() => createTopicsAnswer('orders', 36, 'words'), explain),
    { name: 'TopicNotFound', message: 'Explained.' },
  );
});

test('where the answer is lost, or the broker ran out of time, nobody knows', async () => {
  await assert.rejects(
    ask(() => Promise.reject(new Error('hung up'))),
    { name: 'KafkaUnavailable', message: 'Nobody knows.' },
  );
  await assert.rejects(
    ask(() => createTopicsAnswer('orders', 7, null)),
    { name: 'KafkaUnavailable', message: 'Nobody knows.' },
  );
});

test('what could not be sent by the deadline is not sent later', async (t) => {
  stopTime(t);
  let changes = 0;
  const cluster = clusterAnswering(() => {
    changes++;
    return createTopicsAnswer('orders', 0, null);
  });
  const renewed = Promise.withResolvers<void>();
  t.mock.method(await cluster.connection('broker-1:9092'), 'renewSession', () => renewed.promise);
  const asking = askController(cluster, change, Date.now() + 1000, message('KafkaUnavailable', 'Nobody knows.'));

  await assert.rejects(timePasses(t, asking), { name: 'DeadlineExceeded', message: /in time: try again$/ });
  renewed.resolve();
  await pass(t, 100);

  assert.equal(changes, 0);
});
