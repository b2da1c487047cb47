import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { gatewayCluster } from '../../../lib/clusters/kafka-cluster.ts';
import { KafkaLog } from '../../../lib/routes/subscriptions/kafka-log.ts';
import { pushTools } from '../../../lib/routes/subscriptions/push-tools.ts';
import { configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { act, deliverFor, get, put, SIGNING, subscribe } from '../../harness/push/push-requests.ts';

let push: PushWorld;
let topic: string;
let name: string;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());
beforeEach(async () => {
  topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }, { value: 'b' }]);
  name = await subscribe(topic, push.receiver, { format: 'raw' });
  await deliverFor(30_000);
  push.receiver.received = [];
  push.receiver.script = () => 204;
});

const values = () =>
  push.receiver
    .receivedOf(topic)
    .map(({ body }) => String(body))
    .sort();

/** The log of the replay that is under way. */
async function replayLog(id?: string): Promise<KafkaLog> {
  const subscription = await pushTools().store.get(name, Date.now() + 10_000);
  assert.ok(subscription?.replay);
  const replay = id === undefined ? subscription.replay : { ...subscription.replay, id };
  return new KafkaLog(gatewayCluster(), { ...subscription, replay }, async () => [topic], 1);
}

test('a replay begins where it was asked to, whatever another has committed', async () => {
  await act(name, 'replay', { from: 0 });
  await (await replayLog('another')).commit('replay', [{ topic, topicId: '', partition: 0, offset: 2 }], null, Number.POSITIVE_INFINITY);

  await deliverFor(30_000);

  assert.deepEqual(values(), ['a', 'b']);
  assert.equal((await get(name)).replaying, false);
});

test('a replay that was interrupted goes on where it was', async () => {
  await act(name, 'replay', { from: 0 });
  await (await replayLog()).commit('replay', [{ topic, topicId: '', partition: 0, offset: 1 }], null, Number.POSITIVE_INFINITY);

  await deliverFor(30_000);

  assert.deepEqual(values(), ['b']);
  assert.equal((await get(name)).replaying, false);
});

test('a replay of a time without records delivers nothing and is over', async () => {
  await act(name, 'replay', { from: '2999-01-01' });

  await deliverFor(30_000);

  assert.deepEqual(values(), []);
  assert.equal((await get(name)).replaying, false);
});

test('no subscription has the consumer group of the replays of another', async () => {
  const definition = { topics: [topic], url: push.receiver.url, signing: { secret: SIGNING } };

  const refused = await put(`${name}.replay`, definition);

  assertRefused(refused, { status: 400, code: 40002, message: /how the gateway names the replays of another subscription/ });
});
