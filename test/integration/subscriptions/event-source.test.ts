import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { handler as deliver } from '../../../functions/deliver.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { startEventSource } from '../../harness/push/event-source.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { get, subscribe } from '../../harness/push/push-requests.ts';
import { until } from '../../harness/until.ts';

let push: PushWorld;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());

test("an event of Lambda's Kafka event source wakes deliveries, whose positions stay those of the subscription", async () => {
  const topic = await createTopic({ partitions: 2 });
  await writeTopic(topic, [{ key: 'before', value: 'before' }]);
  const name = await subscribe(topic, push.receiver, { from: 'latest', format: 'raw' });
  const mapping = { Topic: topic, MaximumRetryAttempts: 1, BisectBatchOnFunctionError: false };
  const givenUp: unknown[] = [];
  const context = { getRemainingTimeInMillis: () => 50_000 };

  const source = await startEventSource(
    mapping,
    (event) => deliver(event, context),
    (records) => givenUp.push(...records),
  );
  await writeTopic(topic, [
    { key: 'a', value: 'first' },
    { key: 'b', value: 'second' },
  ]);
  await until(async () => (await get(name)).delivered === 2);
  await source.stop();

  const bodies = push.receiver.received.map(({ body }) => String(body));
  assert.deepEqual([bodies.sort(), givenUp], [['first', 'second'], []]);
});
