import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { MOST_BYTES } from '../../../lib/consumers/group-item.ts';
import { type FakeDynamoDb, startFakeDynamoDb } from '../../harness/aws/fake-dynamodb.ts';
import { createConsumer, newGroup, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { changeItem, endStoredSessions } from '../../harness/consumers/stored-groups.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { joinWithKafkajs } from '../../harness/kafka/group-members.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';
import { until } from '../../harness/until.ts';

let dynamodb: FakeDynamoDb;

before(async () => {
  dynamodb = await startFakeDynamoDb();
  configure(sharedKafka(), { GATEWAY_CONSUMERS: 'dynamodb', ...dynamodb.environment });
});
afterEach(() => {
  dynamodb.state = 'well';
});
after(() => dynamodb.stop());

interface GroupOffsets {
  offsets: { offset: number; metadata: string; lag: number }[];
}

const headers = { 'content-type': mediaTypes.generic };
const manual = { 'auto.commit.enable': false };
const inKafka = async (group: string) =>
  (await call<GroupOffsets>('GET', `/groups/${group}/offsets`)).json.offsets.map(({ offset, metadata, lag }) => ({
    offset,
    metadata,
    lag,
  }));
const commitInKafka = (group: string, topic: string, offset: number) =>
  call('PUT', `/groups/${group}/offsets`, { headers, body: JSON.stringify({ offsets: [{ topic, partition: 0, offset }] }) });
const create = (group: string) => call('POST', `/consumers/${group}`, { headers, body: '{"name":"c"}' });

async function topicOf(...values: string[]): Promise<string> {
  const topic = await createTopic();
  await produce(
    topic,
    'text',
    values.map((value) => ({ value })),
  );
  return topic;
}

test('what is committed is in Kafka as well: by a commit, by auto commit, and at the end', async (t) => {
  const [topic, group] = [await topicOf('a', 'b', 'c'), newGroup()];
  const one = await createConsumer(t, group, manual);
  await one.subscribe([topic]);
  await one.values({ max_bytes: 1 });

  await one.commit([{ topic, partition: 0, offset: 0, metadata: 'mine' }]);
  const byCommit = await inKafka(group);
  await one.remove();
  const other = await createConsumer(t, group);
  await other.subscribe([topic]);
  await other.values({ max_bytes: 1 });
  await other.values({ max_bytes: 1 });
  const byPoll = await inKafka(group);
  await other.remove();

  assert.deepEqual(byCommit, [{ offset: 1, metadata: 'mine', lag: 2 }]);
  assert.deepEqual(
    byPoll.map(({ offset }) => offset),
    [2],
  );
  assert.deepEqual(
    (await inKafka(group)).map(({ offset }) => offset),
    [3],
  );
});

test('a group begins with what is committed in Kafka', async (t) => {
  const [topic, group] = [await topicOf('a', 'b'), newGroup()];
  await commitInKafka(group, topic, 1);
  const consumer = await createConsumer(t, group);
  const committed = await consumer.committed();
  await consumer.subscribe([topic]);

  assert.deepEqual(committed.json.offsets, [{ topic, partition: 0, offset: 1, metadata: '' }]);
  assert.deepEqual(await consumer.values(), ['b']);
});

test('what is reset in Kafka counts once all sessions are over, and not before', async (t) => {
  const [topic, group] = [await topicOf('a', 'b'), newGroup()];
  const consumer = await createConsumer(t, group, manual);
  await consumer.subscribe([topic]);
  await consumer.values();
  await consumer.commit();
  await consumer.poll();

  await commitInKafka(group, topic, 1);
  const before = await consumer.poll();
  await endStoredSessions(dynamodb, sharedKafka(), group);
  const after = await consumer.values();

  assert.deepEqual([before.json, after], [[], ['b']]);
});

test('a group with Kafka consumers is theirs', async (t) => {
  const [topic, group] = [await topicOf('a'), newGroup()];
  const consumer = await createConsumer(t, group, manual);
  await consumer.subscribe([topic]);
  await consumer.values();
  const other = await createConsumer(t, group, manual);
  const { received, leave } = await joinWithKafkajs(t, group, topic);
  await until(() => received.length === 1);

  const refusals = [await create(group), await other.subscribe([topic]), await other.assign([{ topic, partition: 0 }])];
  const committed = await consumer.commit([{ topic, partition: 0, offset: 0 }]);
  await leave();
  await until(async () => {
    await consumer.poll();
    return (await inKafka(group)).some(({ offset }) => offset === 1);
  });

  for (const refused of refusals)
    assertRefused(refused, { status: 409, code: 40903, message: /has Kafka consumers, .*: stop them, or use another group$/ });
  assert.equal(committed.status, 204, committed.text);
});

test('ten members of one group that all poll at once get each record once', async (t) => {
  const [topic, group] = [await createTopic({ partitions: 10 }), newGroup()];
  const consumers = await Promise.all(Array.from({ length: 10 }, (_, i) => createConsumer(t, group, { name: `c${i}`, ...manual })));
  await Promise.all(consumers.map((one) => one.subscribe([topic])));
  await produce(
    topic,
    'text',
    Array.from({ length: 100 }, (_, i) => ({ value: `${i}`, partition: i % 10 })),
  );

  const received: unknown[] = [];
  const statuses = new Set<number>();
  await until(async () => {
    const answers = await Promise.all(consumers.map((one) => one.poll({ timeout: 100 })));
    for (const { status, json } of answers) {
      statuses.add(status);
      received.push(...json.map(({ value }) => value));
    }
    return received.length >= 100;
  });
  const shares = await Promise.all(consumers.map(async (one) => (await one.assignments()).json.partitions.length));

  assert.deepEqual([...statuses], [200]);
  assert.deepEqual(
    received.map(Number).sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.deepEqual(
    shares,
    Array.from({ length: 10 }, () => 1),
  );
});

test('answers of DynamoDB that are lost change nothing, as writes are known again', async (t) => {
  const [topic, group] = [await topicOf('a', 'b'), newGroup()];
  dynamodb.state = 'losing';
  const consumer = await createConsumer(t, group);

  const subscribed = await consumer.subscribe([topic]);
  const polls = [await consumer.values({ max_bytes: 1 }), await consumer.values({ max_bytes: 1 })];
  const committed = await consumer.committed();
  const removed = await consumer.remove();

  assert.deepEqual([subscribed.status, removed.status, polls], [204, 204, [['a'], ['b']]]);
  assert.deepEqual(
    committed.json.offsets.map(({ offset }) => offset),
    [1],
  );
});

test('without DynamoDB, requests are to be sent again', async (t) => {
  const [topic, group] = [await topicOf('a'), newGroup()];
  const consumer = await createConsumer(t, group);
  await consumer.subscribe([topic]);

  dynamodb.state = 'failing';
  const refusals = [await consumer.poll(), await create(group), await consumer.committed()];
  dynamodb.state = 'well';

  for (const refused of refusals) {
    assertRefused(refused, { status: 503, code: 50303, message: /cannot reach what it keeps of consumers now: try again$/ });
    assert.equal(refused.headers['retry-after'] !== undefined, true);
  }
  assert.deepEqual(await consumer.values(), ['a']);
});

test('what does not fit the item of a group is refused', async (t) => {
  const [topic, group] = [await topicOf('a'), newGroup()];
  const consumer = await createConsumer(t, group, manual);
  await consumer.subscribe([topic]);
  await consumer.values();
  await changeItem(dynamodb, sharedKafka(), group, (stored) => {
    const [[, member]] = stored.live(Date.now());
    stored.members.set('large', { ...member, matched: ['x'.repeat(MOST_BYTES - 2000)] });
  });

  const refused = await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'm'.repeat(3000) }]);
  const kept = await consumer.commit([{ topic, partition: 0, offset: 0 }]);

  assertRefused(refused, { status: 422, code: 422, message: /take more than 390000 bytes: use fewer of them in one group$/ });
  assert.equal(kept.status, 204, kept.text);
});

test('idle polls read the item, and do not write it', async (t) => {
  const [topic, group] = [await topicOf('a'), newGroup()];
  const consumer = await createConsumer(t, group, manual);
  await consumer.subscribe([topic]);
  await consumer.values();
  dynamodb.table.calls = [];

  await consumer.poll();
  await consumer.poll();
  const idle = dynamodb.table.calls;
  await produce(topic, 'text', [{ value: 'b' }]);
  dynamodb.table.calls = [];
  await consumer.values();

  assert.deepEqual(
    [idle, dynamodb.table.calls],
    [
      ['getItem', 'getItem'],
      ['getItem', 'putItem'],
    ],
  );
});

test('a poll that was frozen while its partitions went to another member hands out nothing', async (t) => {
  const [topic, group] = [await createTopic(), newGroup()];
  const slow = await createConsumer(t, group, { name: 'slow', ...manual });
  await slow.subscribe([topic]);
  dynamodb.table.calls = [];
  const polling = slow.poll({ timeout: 8000 });
  await until(() => dynamodb.table.calls.length > 0);
  const other = new TestConsumer(group, 'other');
  await call('POST', `/consumers/${group}`, { headers, body: '{"name":"other","format":"text","auto.offset.reset":"earliest"}' });
  t.after(() => other.remove());
  await endStoredSessions(dynamodb, sharedKafka(), group, ['slow']);
  await other.subscribe([topic]);

  await produce(topic, 'text', [{ value: 'a' }]);
  const [answer, values] = [await polling, await other.values()];

  assert.deepEqual([answer.status, answer.json, values], [200, [], ['a']]);
});
