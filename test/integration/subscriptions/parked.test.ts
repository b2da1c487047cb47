import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { letHold } from '../../../lib/config/running.ts';
import { captureLog } from '../../harness/events/http-event.ts';
import { configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic, kafkaClient } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { deliverFor, get, put, SIGNING, subscribe } from '../../harness/push/push-requests.ts';

const LARGE = 1_500_000;

let push: PushWorld;
let topic: string;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());
beforeEach(async () => {
  topic = await createTopic({ configs: { 'max.message.bytes': String(2 * LARGE) } });
  push.receiver.received = [];
  push.receiver.script = () => 500;
});

const lengths = () => push.receiver.receivedOf(topic).map(({ body }) => body.length);

test('a record that is larger than the retry topic takes waits for another attempt, and what comes after it is delivered once', async () => {
  const producer = kafkaClient().producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: randomBytes(LARGE) }, { value: '1' }, { value: '22' }] });
  await producer.disconnect();
  push.receiver.script = ({ body }) => (body.length === LARGE ? 500 : 204);
  const name = await subscribe(topic, push.receiver, { format: 'raw', order: 'none', concurrency: 1, retry: { schedule: [10] } });

  await deliverFor(8000);
  const first = { sent: lengths(), ...(await get(name)) };
  push.receiver.script = () => 204;
  await deliverFor(30_000);
  const { delivered, parked, lag } = await get(name);

  assert.deepEqual([first.sent, first.parked, first.lag], [[LARGE, 1, 2], 1, 0]);
  assert.deepEqual([lengths(), delivered, parked, lag], [[LARGE, 1, 2, LARGE], 3, 0, 0]);
});

test('a record that waits is not delivered while its owner has no grant for its topic', async (t) => {
  captureLog(t);
  t.after(() => letHold(null));
  await writeTopic(topic, [{ value: 'a' }]);
  const name = await subscribe(topic, push.receiver, { format: 'raw', retry: { schedule: [8] } });
  await deliverFor(6000);
  push.receiver.script = () => 204;

  letHold({ GATEWAY_GRANTS: JSON.stringify([{ principal: 'nobody', operations: ['subscribe'], topics: ['*'] }]) });
  await deliverFor(10_000);
  const meanwhile = lengths().length;
  letHold(null);
  await deliverFor(30_000);

  assert.deepEqual([meanwhile, lengths().length, (await get(name)).parked], [1, 2, 0]);
});

test('a record that waits is given up when its subscription does not name its topic any more', async (t) => {
  captureLog(t);
  await writeTopic(topic, [{ value: 'a' }]);
  const name = await subscribe(topic, push.receiver, { format: 'raw', retry: { schedule: [60] } });
  await deliverFor(30_000);
  push.receiver.script = () => 204;

  await put(name, { topics: [await createTopic()], url: push.receiver.url, signing: { secret: SIGNING } });
  await deliverFor(30_000);

  const { parked, dropped } = await get(name);
  assert.deepEqual([lengths().length, parked, dropped], [1, 0, 1]);
});

test('a record is delivered whose key is longer than receivers take in a header', async () => {
  await writeTopic(topic, [{ key: 'k'.repeat(20_000), value: 'a' }]);
  push.receiver.script = () => 204;

  const name = await subscribe(topic, push.receiver, { format: 'raw' });
  await deliverFor(30_000);

  assert.deepEqual([lengths(), (await get(name)).delivered], [[1], 1]);
});
