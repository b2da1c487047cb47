import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { call, configure } from '../../harness/http/gateway.ts';
import { assertRefused } from '../../harness/http/refusal.ts';
import { fetchPage, mediaTypes, produceText } from '../../harness/http/requests.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { withAdmin } from '../../harness/kafka/topics.ts';

configure(sharedKafka());

const create = (body: unknown, contentType = 'application/json') =>
  call('POST', '/admin/topics', { headers: { 'content-type': contentType }, body: typeof body === 'string' ? body : JSON.stringify(body) });

async function partitionsOf(topic: string): Promise<number> {
  const { topics } = await withAdmin(undefined, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0].partitions.length;
}

test('a topic with nothing but a name gets the broker’s defaults, and takes records at once', async () => {
  const topic = `created-${randomUUID()}`;

  const answer = await create({ topic_name: topic, partitions_count: null });
  const written = await produceText(topic, 'x');
  const page = await fetchPage(topic, 'text', 'offset=0');

  assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [201, '{}', mediaTypes.generic]);
  assert.deepEqual([written.partition, written.offset, page.json[0].value], [0, 0, 'x']);
  assert.equal(await partitionsOf(topic), 1);
});

test('partitions, replicas and settings are as asked for', async () => {
  const topic = `created-${randomUUID()}`;
  const configs = { 'retention.ms': 3_600_000, 'cleanup.policy': 'compact', preallocate: true, 'max.message.bytes': null };

  const answer = await create({ topic_name: topic, partitions_count: 5, replication_factor: 1, configs }, mediaTypes.generic);

  assert.equal(answer.status, 201, answer.text);
  const { json } = await call<{ configs: Record<string, string> }>('GET', `/topics/${topic}`);
  assert.equal(await partitionsOf(topic), 5);
  assert.deepEqual(
    ['retention.ms', 'cleanup.policy', 'preallocate'].map((name) => json.configs[name]),
    ['3600000', 'compact', 'true'],
  );
});

test('a topic that exists is a conflict, and stays as it is', async () => {
  const topic = `created-${randomUUID()}`;
  await create({ topic_name: topic });

  const again = await create({ topic_name: topic, partitions_count: 3 });

  assertRefused(again, { status: 409, code: 40904, message: /topic of this name exists/ });
  assert.equal(await partitionsOf(topic), 1);
});

test('of two that create a topic at the same time one succeeds', async () => {
  const topic = `created-${randomUUID()}`;

  const answers = await Promise.all([create({ topic_name: topic }), create({ topic_name: topic })]);

  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
});

for (const [what, body, status, code, message] of [
  ['malformed JSON', '{"topic_name":', 400, 400, /not valid JSON/],
  ['no body', '', 400, 400, /no body/],
  ['a list', '[]', 422, 422, /must be a JSON object/],
  ['no name', '{}', 422, 422, /topic_name must be a string/],
  ['an unknown field', '{"topic_name":"a","partitions":3}', 422, 422, /Unrecognized field: "partitions"/],
  ['a name that no topic can have', '{"topic_name":"a b"}', 400, 40002, /"a b" is not a topic name/],
  ['a count that is no number', '{"topic_name":"a","partitions_count":"three"}', 422, 422, /partitions_count must be an integer from 1/],
  ['a count of zero', '{"topic_name":"a","partitions_count":0}', 422, 422, /partitions_count must be an integer from 1/],
  ['settings that are a list', '{"topic_name":"a","configs":[]}', 422, 422, /configs must be an object/],
  ['a setting that is an object', '{"topic_name":"a","configs":{"retention.ms":{}}}', 422, 422, /"configs\.retention\.ms" must be/],
  ['a setting that Kafka does not know', '{"topic_name":"a","configs":{"no.such":"1"}}', 400, 40002, /setting of the topic.*no\.such/],
  ['a setting with a bad value', '{"topic_name":"a","configs":{"retention.ms":"x"}}', 400, 40002, /setting of the topic.*retention\.ms/],
  ['more replicas than brokers', '{"topic_name":"a","replication_factor":3}', 400, 40002, /replication factor.*: use at least 1/],
] as const) {
  test(`${what} is refused and no topic made`, async () => {
    const answer = await create(body);

    assertRefused(answer, { status, code, message });
    const topics = await withAdmin(undefined, (admin) => admin.listTopics());
    assert.ok(!topics.includes('a'));
  });
}

test('a body that is not UTF-8 is refused', async () => {
  const body = Buffer.from('{"topic_name":"\xff"}', 'latin1');

  const answer = await call('POST', '/admin/topics', { headers: { 'content-type': mediaTypes.generic }, body });

  assertRefused(answer, { status: 400, code: 400, message: /not UTF-8/ });
});

test('a body that is not JSON by its type is 415', async () => {
  const answer = await create('topic_name=a', 'application/x-www-form-urlencoded');

  assertRefused(answer, { status: 415, code: 415, message: /Content-Type: application\/json/ });
});
