import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { noNotes } from '../../../lib/push/subscription/notes.ts';
import { pushTools } from '../../../lib/routes/subscriptions/push-tools.ts';
import { call, configure } from '../../harness/http/gateway.ts';
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
/** A subscription of which a record waits for another attempt. */
beforeEach(async () => {
  topic = await createTopic();
  await writeTopic(topic, [{ value: 'a' }]);
  push.receiver.received = [];
  push.receiver.script = () => 500;
  name = await subscribe(topic, push.receiver, { format: 'raw', retry: { schedule: [6] } });
  await deliverFor(5000);
});

const received = () => push.receiver.receivedOf(topic).length;
const soon = () => Date.now() + 60_000;

test('a subscription has nothing of one that had its name before, and was not deleted to the end', async () => {
  const { store } = pushTools();
  const { version } = (await store.get(name, soon())) ?? assert.fail();
  await store.remove(name, version, soon());
  // By a process that delivers, and has not heard of it yet.
  await store.note(name, { ...noNotes(), delivered: 7 }, soon());
  const before = received();
  push.receiver.script = () => 204;

  const made = await put(name, { topics: [topic], url: push.receiver.url, signing: { secret: SIGNING } });
  const { delivered } = await get(name);
  await act(name, 'verify');
  await writeTopic(topic, [{ value: 'b' }]);
  await deliverFor(10_000);

  assert.deepEqual([made.status, delivered, received() - before], [201, 0, 1], made.text);
});

test('a request that makes a subscription which another has made meanwhile takes nothing from it', async (t) => {
  const offsets = async () => (await call<{ offsets: object[] }>('GET', `/groups/push.${name}/offsets`)).json.offsets;
  const before = await offsets();
  // As it was when the request came.
  t.mock.method(pushTools().store, 'get', async () => null, { times: 1 });

  const late = await put(name, { topics: [topic], url: push.receiver.url, signing: { secret: SIGNING }, from: 'latest' });

  assert.equal(late.status, 409, late.text);
  assert.deepEqual(await offsets(), before);
});

test('a request that changes a subscription which another has changed meanwhile begins nothing anew', async (t) => {
  const other = await createTopic();
  const changing = (topics: string[]) => put(name, { topics, url: push.receiver.url, signing: { secret: SIGNING }, from: 'latest' });
  const before = (await pushTools().store.get(name, soon())) ?? assert.fail();
  await changing([topic, other]);
  await writeTopic(other, [{ value: 'waits' }]);
  const { lag } = await get(name);
  // As it was when the request came.
  t.mock.method(pushTools().store, 'get', async () => before, { times: 1 });

  const late = await changing([topic, other]);

  assert.equal(late.status, 409, late.text);
  assert.deepEqual([lag, (await get(name)).lag], [1, 1]);
});

test('a subscription that could not be deleted to the end rests, and is deleted by another request', async (t) => {
  const { store } = pushTools();
  const remove = t.mock.method(store, 'remove', () => Promise.reject(new Error('stopped')), { times: 1 });
  const before = received();

  const stopped = await call('DELETE', `/subscriptions/${name}`);
  const { state } = await get(name);
  push.receiver.script = () => 204;
  await deliverFor(10_000);
  const again = await call('DELETE', `/subscriptions/${name}`);

  assert.deepEqual([stopped.status, state, again.status, remove.mock.callCount()], [503, 'paused', 204, 1]);
  assert.deepEqual([received(), (await get(name)).error_code], [before, 40408]);
});

test('what another process still writes of a deleted subscription does not change one that has its name by then', async () => {
  const { store } = pushTools();
  const old = (await store.get(name, soon())) ?? assert.fail();
  await store.remove(name, old.version, soon());
  const made = { ...old, createdAt: old.createdAt + 1 };
  await store.write(made, null, soon());

  const isWritten = await store.write({ ...old, state: 'disabled', version: old.version + 1 }, old.version, soon());

  assert.equal(isWritten, false);
  assert.deepEqual(await store.get(name, soon()), made);
});
