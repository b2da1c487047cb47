import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { type Gateway, startGateway } from '../../../infra/local/gateway.ts';
import { freePorts } from '../../../infra/local/ports.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { until } from '../../harness/until.ts';

let push: PushWorld;
let gateway: Gateway;

before(async () => {
  push = await startPush();
  const [port] = await freePorts(1);
  const environment = { ...push.environment, KAFKA_BOOTSTRAP_SERVERS: sharedKafka(), GATEWAY_PUSH: 'continuous' };
  gateway = await startGateway(port, environment, new Writable({ write: (_chunk, _encoding, done) => done() }));
});
after(async () => {
  await gateway?.stop();
  await push?.stop();
});

const send = (method: string, path: string, body?: object) =>
  fetch(gateway.url + path, { method, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });

test('npm start delivers subscriptions, with a table and secrets of its own', async () => {
  const topic = await createTopic();
  const made = await send('PUT', '/subscriptions/local', { topics: [topic], url: push.receiver.url, signing: { secret: push.signing } });
  const verified = await send('POST', '/subscriptions/local/verify');
  await writeTopic(topic, [{ key: 'k', value: 'pushed' }]);

  assert.deepEqual([made.status, verified.status], [201, 200]);
  await until(() => push.receiver.received.length === 1);
});
