import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pushTools } from '../../../lib/routes/subscriptions/push-tools.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { act, deliverFor, get, put, SIGNING, subscribe } from '../../harness/push/push-requests.ts';

let push: PushWorld;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());

test('a subscription that is made anew, while the last delivery of the old one is under way, begins where it is told to', async (t) => {
  const topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }]);
  const name = await subscribe(topic, push.receiver, { format: 'raw' });
  const requested = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<void>();
  push.receiver.script = () => (response) => {
    requested.resolve();
    answering.promise.then(() => response.writeHead(204).end());
  };
  const { store } = pushTools();
  const lease = store.lease.bind(store);
  const refused = Promise.withResolvers<void>();
  t.mock.method(store, 'lease', async (...asked: Parameters<typeof lease>) => {
    const leased = await lease(...asked);
    if (leased === null) refused.resolve();
    return leased;
  });
  const delivering = deliverFor(15_000);
  await requested.promise;

  const deleted = call('DELETE', `/subscriptions/${name}`);
  const remade = deleted.then(() =>
    put(name, { topics: [topic], url: push.receiver.url, signing: { secret: SIGNING }, from: 'earliest', format: 'raw' }),
  );
  await Promise.race([remade, refused.promise]);
  answering.resolve();
  await delivering;
  const statuses = [(await deleted).status, (await remade).status];
  push.receiver.script = () => 204;
  await act(name, 'verify');
  await deliverFor(10_000);

  assert.deepEqual(statuses, [204, 201]);
  assert.equal(push.receiver.receivedOf(topic).length, 2);
  assert.equal((await get(name)).delivered, 1);
});

test('a subscription that was changed while its deletion waited keeps its positions', async (t) => {
  const topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }]);
  const name = await subscribe(topic, push.receiver, { format: 'raw' });
  await deliverFor(10_000);
  const { store } = pushTools();
  const lease = store.lease.bind(store);
  const leasing = t.mock.method(store, 'lease', async (...asked: Parameters<typeof lease>) => {
    leasing.mock.restore();
    await put(name, { state: 'paused' });
    return lease(...asked);
  });

  const { status } = await call('DELETE', `/subscriptions/${name}`);
  await put(name, { state: 'active' });
  await deliverFor(10_000);

  assert.equal(status, 409);
  assert.equal(push.receiver.receivedOf(topic).length, 1);
});
