import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Broker, startBroker } from '../../../infra/local/broker.ts';
import { createConsumer, newGroup, type TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { produce } from '../../harness/http/requests.ts';
import { joinWithJava } from '../../harness/kafka/group-members.ts';
import { createTopic as createIn } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

const SESSION_MS = 2000;

let broker: Broker;

before(async () => {
  const session = { 'group.consumer.min.session.timeout.ms': String(SESSION_MS), 'group.consumer.session.timeout.ms': String(SESSION_MS) };
  const beats = { 'group.consumer.min.heartbeat.interval.ms': '500', 'group.consumer.heartbeat.interval.ms': '500' };
  broker = await startBroker({ properties: { ...session, ...beats } });
  configure(broker.bootstrapServers);
});
after(() => broker?.stop());

const createTopic = (partitions: number) => createIn({ partitions, bootstrapServers: broker.bootstrapServers });
const texts = (...values: string[]) => values.map((value, i) => ({ value, partition: i }));
const partitionsOf = async (consumer: TestConsumer): Promise<number[]> =>
  (await consumer.assignments()).json.partitions.map(({ partition }) => partition);
const membersOf = async (group: string): Promise<number> =>
  (await call<{ members: unknown[] }>('GET', `/groups/${group}`)).json.members?.length ?? 0;

test('a partition that is taken away is committed as far as it was handed out, so that nobody gets its records again', async (t) => {
  const [topic, group] = [await createTopic(2), newGroup()];
  await produce(topic, 'text', texts('a', 'b'));
  const first = await createConsumer(t, group);
  await first.subscribe([topic]);
  assert.equal((await first.values()).length, 2);
  const second = await createConsumer(t, group);
  await second.subscribe([topic]);

  await until(async () => (await first.poll()).status === 200 && (await partitionsOf(first)).length === 1);
  const [kept] = await partitionsOf(first);
  await produce(topic, 'text', [{ value: 'c', partition: 1 - kept }]);
  const values = await second.values();

  assert.deepEqual(values, ['c']);
});

test('an instance that is slower than its session comes back with each poll, and loses and repeats nothing', async (t) => {
  const [topic, group] = [await createTopic(1), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  const values: unknown[] = [];

  for (let i = 0; i < 3; i++) {
    values.push(...(await consumer.values({ max_bytes: 1 })));
    await until(async () => (await membersOf(group)) === 0);
  }

  assert.deepEqual(values, ['a', 'b', 'c']);
});

test('while an instance is away others have its partitions; when it is back it shares them, and what it had is not its own', async (t) => {
  const [topic, group] = [await createTopic(1), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }]);
  const away = await createConsumer(t, group, { 'auto.commit.enable': false });
  await away.subscribe([topic]);
  assert.deepEqual(await away.values(), ['a']);
  await until(async () => (await membersOf(group)) === 0);
  const other = await createConsumer(t, group, { 'auto.commit.enable': false });
  await other.subscribe([topic]);

  assert.deepEqual(await other.values(), ['a']);
  const late = await away.commit([{ topic, partition: 0, offset: 0 }]);
  const own = await other.commit();

  assert.deepEqual([late.status, own.status], [409, 204]);
});

test('a Java consumer goes on where an instance has committed, and the other way round', async (t) => {
  const [topic, group] = [await createTopic(1), newGroup()];
  await produce(topic, 'text', [{ value: 'a' }, { value: 'b' }]);
  const consumer = await createConsumer(t, group, { 'auto.commit.enable': false });
  await consumer.subscribe([topic]);
  await consumer.values({ max_bytes: 1 });
  await consumer.commit();
  await consumer.remove();

  const java = await joinWithJava(t, group, topic, 'consumer', broker.bootstrapServers);
  await until(() => java.received.length > 0);
  await java.leave();
  await call('PUT', `/groups/${group}/offsets`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ offsets: [{ topic, partition: 0, offset: 2 }] }),
  });
  await produce(topic, 'text', [{ value: 'c' }]);
  const next = await createConsumer(t, group);
  await next.subscribe([topic]);

  assert.deepEqual(java.received, [{ partition: 0, offset: 1 }]);
  assert.deepEqual(await next.values(), ['c']);
});
