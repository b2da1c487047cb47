import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createConsumer, newGroup, TestConsumer } from '../../harness/consumers/consumer-requests.ts';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { mediaTypes, produce } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { createTopic } from '../../harness/kafka/topics.ts';

const arn = (user: string) => `arn:aws:iam::123456789012:user/${user}`;
const as = (user: string) => ({ authorizer: { iam: { userArn: arn(user) } } });
const [operator, reader, stranger] = [as('operator'), as('reader'), as('stranger')];
const group = newGroup();
let topic: string;
let secret: string;

before(async () => {
  [topic, secret] = [await createTopic(), await createTopic()];
  const grants = [
    { principal: arn('operator'), operations: ['*'], consumer_groups: ['*'], topics: ['*'] },
    { principal: arn('reader'), operations: ['read'], consumer_groups: [`${group}*`], topics: [topic] },
  ];
  configure(sharedKafka(), { GATEWAY_AUTH: 'iam', GATEWAY_GRANTS: JSON.stringify(grants) });
  await produce(topic, 'text', [{ value: 'public' }], operator);
  await produce(secret, 'text', [{ value: 'hidden' }], operator);
});

test('a caller needs the grant to read on the group and on the topics', async (t) => {
  const consumer = await createConsumer(t, group, {}, reader);

  const other = await consumer.subscribe([secret]);
  const own = await consumer.subscribe([topic]);
  const values = await consumer.values();
  const byStranger = await new TestConsumer(group, consumer.name, stranger).poll();

  assertRefused(other, { status: 403, code: 40301, message: /You have no grant to read/ });
  assert.deepEqual([own.status, values], [204, ['public']]);
  assertRefused(byStranger, { status: 403, code: 40301, message: /You have no grant to read/ });
});

test("another caller's instance gives nothing of topics that the caller may not read", async (t) => {
  const consumer = await createConsumer(t, `${group}-shared`, {}, operator);
  await consumer.subscribe([topic, secret]);

  const refused = await new TestConsumer(`${group}-shared`, consumer.name, reader).poll();

  assertRefused(refused, { status: 403, code: 40301, message: /You have no grant to read/ });
});

test('a pattern reads the topics that are granted, and leaves out the others', async (t) => {
  const consumer = await createConsumer(t, `${group}-pattern`, {}, reader);
  await consumer.request('POST', '/subscription', { topic_pattern: `${topic}|${secret}` });

  const values = await consumer.values();
  const { json } = await consumer.assignments();

  assert.deepEqual([values, json.partitions.map((one) => one.topic)], [['public'], [topic]]);
});

test("the gateway's own groups are nobody's, and no list shows them", async (t) => {
  const consumer = await createConsumer(t, group, {}, operator);
  await consumer.subscribe([topic]);

  const refused = await new TestConsumer(`__rest.${group}.a`, 'a', operator).poll();
  const { text } = await call('GET', '/groups', operator);

  assertRefused(refused, { status: 400, code: 40002, message: /gateway's own: use another name$/ });
  assert.ok(!text.includes('__rest.'));
});

const names = ['a.b', 'a~b', 'a/b', ' ', 'ü€😀', '%2F', '"\\', '../..', 'x'.repeat(255)];
for (const name of names) {
  test(`an instance may be called ${JSON.stringify(name.slice(0, 20))}`, async (t) => {
    const consumer = await createConsumer(t, newGroup(), { name }, operator);
    await consumer.subscribe([topic]);

    assert.deepEqual(await consumer.values(), ['public']);
    assert.equal((await consumer.remove()).status, 204);
  });
}

for (const [what, name] of Object.entries({
  'too long': 'x'.repeat(256),
  empty: '',
  'half of a surrogate pair': '\ud800',
  'a number': 1,
})) {
  test(`a name that is ${what} is refused`, async () => {
    const body = JSON.stringify({ name });
    const answer = await call('POST', `/consumers/${group}`, { ...operator, headers: { 'content-type': mediaTypes.generic }, body });

    assertRefused(answer, { status: 422, code: 422, message: /name/ });
  });
}

test('metadata of any content comes back; more than there is room for is refused', async (t) => {
  const consumer = await createConsumer(t, `${group}-metadata`, {}, operator);
  await consumer.subscribe([topic]);
  await consumer.values();

  for (const metadata of ['{"m":"x","p":0}', '"\\\u0000ü', 'x'.repeat(3000)]) {
    const committed = await consumer.commit([{ topic, partition: 0, offset: 0, metadata }]);
    const { json } = await consumer.committed();
    assert.equal(committed.status, 204, committed.text);
    assert.equal(json.offsets[0].metadata, metadata);
  }
  const refused = await consumer.commit([{ topic, partition: 0, offset: 0, metadata: 'x'.repeat(4000) }]);

  assertRefused(refused, { status: 422, code: 422, message: /longer than 3500 bytes/ });
});
