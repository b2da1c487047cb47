import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { type Shown, subscribe } from '../../harness/push/push-requests.ts';

let broker: Broker;
let push: PushWorld;

before(async () => {
  broker = await startBroker();
  push = await startPush();
  configure(broker.bootstrapServers, push.environment);
});
after(async () => {
  await push?.stop();
  await broker?.stop();
});

test('a subscription is shown while Kafka does not tell its lag', async () => {
  const topic = await createTopic({ bootstrapServers: broker.bootstrapServers });
  const name = await subscribe(topic, push.receiver);
  broker.pause();

  const { status, json, text } = await call<Shown>('GET', `/subscriptions/${name}`);
  broker.resume();

  assert.equal(status, 200, text);
  assert.deepEqual([json.state, json.lag], ['active', null]);
});
