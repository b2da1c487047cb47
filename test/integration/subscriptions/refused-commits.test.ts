import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, get, subscribe } from '../../harness/push/push-requests.ts';

let broker: Broker;
let push: PushWorld;

before(async () => {
  // Too little for the note that each commit of a delivery has.
  broker = await startBroker({ properties: { 'offset.metadata.max.bytes': '20' } });
  push = await startPush();
  configure(broker.bootstrapServers, push.environment);
});
after(async () => {
  await push?.stop();
  await broker?.stop();
});

test('nothing is delivered where brokers would not store that it was, and the log tells which setting to change', async (t) => {
  const topic = await createTopic({ bootstrapServers: broker.bootstrapServers });
  const name = await subscribe(topic, push.receiver, { format: 'raw', from: 'earliest' });
  await writeTopic(topic, [{ value: 'a' }], broker.bootstrapServers);
  const lines = captureLog(t);

  await deliverFor(3000);

  const told = lines.filter(({ event }) => event === 'subscription_stalled');
  assert.deepEqual(push.receiver.received, []);
  assert.equal(told.length, 1);
  assert.match(JSON.stringify(told), /offset\.metadata\.max\.bytes/);
  assert.match((await get(name)).last_error?.message ?? '', /offset\.metadata\.max\.bytes/);
});
