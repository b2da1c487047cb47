import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { captureLog } from '../../harness/events/http-event.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { readTopic, writeTopic } from '../../harness/kafka/records.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { type PushWorld, startPush } from '../../harness/push/push-environment.ts';
import { act, deliverFor, get, newName, put, SIGNING, subscribe } from '../../harness/push/push-requests.ts';
import { until } from '../../harness/until.ts';

const grants = [
  { principal: 'alice', operations: ['subscribe'], topics: ['topic-*'] },
  { principal: 'bob', operations: ['subscribe'], topics: ['others'] },
];

let push: PushWorld;
let topic: string;

before(async () => {
  push = await startPush();
  configure(sharedKafka(), push.environment);
});
after(() => push?.stop());
beforeEach(async () => {
  topic = await createTopic({ partitions: 2 });
  push.receiver.received = [];
  push.receiver.script = () => 204;
});

const keyed = (...keys: string[]) => keys.map((key, n) => ({ key, value: JSON.stringify({ key, n }) }));
const received = () => push.receiver.receivedOf(topic);
const numbers = () => received().map(({ body }) => JSON.parse(String(body)).value.n);

test('each record is delivered once, signed as Standard Webhooks has it, and then the group has passed it', async (t) => {
  const lines = captureLog(t);
  await writeTopic(topic, keyed('a', 'b'));
  const name = await subscribe(topic, push.receiver);

  await deliverFor(30_000);

  assert.equal(received().length, 2);
  for (const { headers, body } of received()) {
    const texts = Object.fromEntries(Object.entries(headers).map(([one, value]) => [one, String(value)]));
    assert.match(JSON.stringify(new Webhook(push.key).verify(body, texts)), /"value":\{"key":"[ab]","n":[01]\}/);
  }
  const counted = lines.findLast(({ event }) => event === 'deliveries');
  assert.ok(counted !== undefined && Number(counted.Deliveries) >= 2, JSON.stringify(counted));
  const { lag, delivered, state } = await get(name);
  assert.deepEqual({ lag, delivered, state }, { lag: 0, delivered: 2, state: 'active' });
  const { json } = await call<{ attempts: { outcome: string }[] }>('GET', `/subscriptions/${name}/attempts`);
  assert.deepEqual(
    json.attempts.map(({ outcome }) => outcome),
    ['delivered', 'delivered'],
  );
});

test('a record that fails comes again with the same id from the retry topic, and those of its key wait for it', async () => {
  await writeTopic(topic, keyed('a', 'b', 'a', 'b'));
  const name = await subscribe(topic, push.receiver, { retry: { schedule: [1] } });
  push.receiver.script = ({ body }) => (String(body).includes('"n":0') && numbers().filter((n) => n === 0).length < 2 ? 500 : 204);

  await deliverFor(30_000);

  assert.deepEqual(
    numbers().filter((n) => n % 2 === 0),
    [0, 0, 2],
  );
  assert.deepEqual(
    numbers().filter((n) => n % 2 === 1),
    [1, 3],
  );
  assert.equal(new Set(received().map(({ headers }) => headers['webhook-id'])).size, 4);
  assert.deepEqual([(await get(name)).parked, (await get(name)).lag], [0, 0]);
  assert.ok((await readTopic(`push.${name}.retry`)).length >= 2);
});

test('what is refused goes to the dead letter topic, as it was, with the reason', async () => {
  const dead = await createTopic();
  await writeTopic(topic, keyed('a'));
  const name = await subscribe(topic, push.receiver, { dead_letter_topic: dead });
  push.receiver.script = () => 422;

  await deliverFor(30_000);

  const [letter] = await readTopic(dead);
  assert.equal(String(letter.value), '{"key":"a","n":0}');
  const headers = Object.fromEntries(letter.headers.map(({ key, value }) => [key, String(value)]));
  assert.deepEqual([headers['dlq.status'], headers['dlq.subscription'], headers['dlq.topic']], ['422', name, topic]);
  assert.equal((await get(name)).dead_lettered, 1);
});

test('410 disables a subscription, and it goes on where it was when it is made active again', async () => {
  await writeTopic(topic, keyed('a'));
  const name = await subscribe(topic, push.receiver, { retry: { schedule: [1] } });
  push.receiver.script = () => 410;
  await deliverFor(30_000);
  const { state, reason } = await get(name);
  push.receiver.script = () => 204;

  await put(name, { state: 'active' });
  await deliverFor(30_000);

  assert.deepEqual([state, reason], ['disabled', 'its endpoint has answered 410 Gone']);
  assert.equal(received().length, 2);
});

suite('a subscription that is', () => {
  test('pending gets nothing, and all from its making on once it is verified', async () => {
    const name = newName();
    await put(name, { topics: [topic], url: push.receiver.url, signing: { secret: SIGNING } });
    await writeTopic(topic, keyed('a'));
    await deliverFor(30_000);
    assert.equal(received().length, 0);

    await act(name, 'verify');
    await deliverFor(30_000);

    assert.equal(received().length, 1);
  });

  test('paused gets nothing', async () => {
    const name = await subscribe(topic, push.receiver);
    await put(name, { state: 'paused' });
    await writeTopic(topic, keyed('a'));

    await deliverFor(30_000);

    assert.equal(received().length, 0);
    assert.equal((await get(name)).lag, 1);
  });

  test('deleted is not there, nor its group', async () => {
    const name = await subscribe(topic, push.receiver);

    assert.equal((await call('DELETE', `/subscriptions/${name}`)).status, 204);

    assertRefused(await call('GET', `/subscriptions/${name}`), { status: 404, code: 40408, message: /There is no subscription/ });
    assert.equal((await call('GET', `/groups/push.${name}`)).status, 404);
  });
});

test('a replay delivers records of a time once more, with the same ids', async () => {
  await writeTopic(topic, keyed('a', 'b'));
  const name = await subscribe(topic, push.receiver);
  await deliverFor(30_000);
  const ids = () => received().map(({ headers }) => headers['webhook-id']);
  const before = ids();

  const answer = await act(name, 'replay', { from: 0 });
  await deliverFor(30_000);

  assert.equal(answer.status, 202, answer.text);
  assert.deepEqual(ids().slice(2).sort(), before.toSorted());
  assert.equal((await get(name)).replaying, false);
});

test('only records that pass the filter are delivered, and the others are behind it', async () => {
  await writeTopic(topic, keyed('a', 'b', 'a'));
  const name = await subscribe(topic, push.receiver, { filter: 'value.n>1', format: 'cloudevents' });

  await deliverFor(30_000);

  const events = received().map(({ body }) => JSON.parse(String(body)));
  assert.deepEqual(
    events.map(({ specversion, source, data }) => ({ specversion, source, data })),
    [{ specversion: '1.0', source: `/topics/${topic}`, data: { key: 'a', n: 2 } }],
  );
  assert.equal((await get(name)).lag, 0);
});

test('a secret that is meant for another endpoint is not used', async () => {
  const name = newName();
  await put(name, { topics: [topic], url: 'https://hooks.example.com/', signing: { secret: SIGNING } });

  const { status, json } = await act(name, 'verify');

  assert.deepEqual([status, json.error_code], [502, 50203]);
  assert.match(
    json.message ?? '',
    /: The secret \S+ does not fit the configuration: its member "origin" must be https:\/\/hooks\.example\.com/,
  );
});

test('a grant is needed for the topics, and whoever has none does not see it', async () => {
  const as = (principal: string) => ({
    authorizer: { lambda: { principalId: principal, grants: JSON.stringify(grants.filter((one) => one.principal === principal)) } },
  });
  const body = JSON.stringify({ topics: [topic], url: push.receiver.url, signing: { secret: SIGNING } });
  const parts = { headers: { 'content-type': 'application/json' }, body };
  const path = `/subscriptions/${newName()}`;

  const refused = await call('PUT', path, { ...parts, ...as('bob') });
  const made = await call('PUT', path, { ...parts, ...as('alice') });
  const hidden = await call('GET', path, as('bob'));

  assertRefused(refused, { status: 403, code: 40301, message: /subscribe/ });
  assert.deepEqual([made.status, hidden.status], [201, 404], made.text);
});

test('an endpoint that does not answer lags alone', async () => {
  const others = await Promise.all([createTopic(), createTopic(), createTopic()]);
  for (const one of [topic, ...others]) await writeTopic(one, keyed('a', 'b'));
  const names = await Promise.all([topic, ...others].map((one) => subscribe(one, push.receiver)));
  const lags = () => Promise.all(names.map(async (name) => (await get(name)).lag));
  const held: (() => void)[] = [];
  push.receiver.script = ({ headers }) => {
    if (headers['kafka-topic'] !== topic) return 204;
    return (response) => void held.push(() => response.writeHead(204).end());
  };

  const running = deliverFor(30_000);
  await until(async () => JSON.stringify(await lags()) === '[2,0,0,0]');
  for (const answer of held) answer();
  await running;

  assert.deepEqual(await lags(), [0, 0, 0, 0]);
});
