import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handler } from '../../../../functions/create-topic.ts';
import { GatewayError } from '../../../../lib/errors.ts';
import { readNewTopic } from '../../../../lib/routes/topics/create-topic.ts';
import { createTopicsAnswer, readCreateTopics } from '../../../harness/fake-broker/broker-side.ts';
import { topicOn } from '../../../harness/fake-broker/fake-cluster.ts';
import { gatewayWith } from '../gateway.ts';

test('a name alone leaves everything else to the broker; null is as good as absent', () => {
  const unspecified = { name: 'orders', partitions: -1, replicationFactor: -1, configs: {} };

  assert.deepEqual(readNewTopic({ topic_name: 'orders' }), unspecified);
  assert.deepEqual(readNewTopic({ topic_name: 'orders', partitions_count: null, replication_factor: null, configs: null }), unspecified);
});

test('everything is read; values of settings become text, those that are null are left out', () => {
  const configs = { 'cleanup.policy': 'compact', 'retention.ms': 1000, preallocate: true, 'flush.ms': null, '': '' };

  const topic = readNewTopic({ topic_name: 'a.b-c_D', partitions_count: 2 ** 31 - 1, replication_factor: 32_767, configs });

  assert.deepEqual(topic, {
    name: 'a.b-c_D',
    partitions: 2 ** 31 - 1,
    replicationFactor: 32_767,
    configs: { 'cleanup.policy': 'compact', 'retention.ms': '1000', preallocate: 'true', '': '' },
  });
});

test('a setting with the name of a member of all objects is a setting like any other', () => {
  const { configs } = readNewTopic(JSON.parse('{"topic_name":"orders","configs":{"__proto__":"a","constructor":"b"}}'));

  assert.deepEqual(Object.entries(configs), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

const refused: [json: unknown, status: number, message: RegExp][] = [
  [undefined, 422, /topic_name/],
  [null, 422, /object/],
  ['orders', 422, /object/],
  [[{ topic_name: 'orders' }], 422, /object/],
  [{}, 422, /topic_name must be a string/],
  [{ topic_name: null }, 422, /topic_name/],
  [{ topic_name: 7 }, 422, /topic_name/],
  [{ topic_name: '' }, 400, /topic name/],
  [{ topic_name: 'a b' }, 400, /topic name/],
  [{ topic_name: '..' }, 400, /topic name/],
  [{ topic_name: 'x'.repeat(250) }, 400, /topic name/],
  [{ topic_name: 'orders', partitions: 3 }, 422, /Unrecognized field: "partitions"/],
  [{ topic_name: 'orders', partitions_count: 0 }, 422, /partitions_count must be an integer from 1 to 2147483647/],
  [{ topic_name: 'orders', partitions_count: 1.5 }, 422, /partitions_count/],
  [{ topic_name: 'orders', partitions_count: '3.5' }, 422, /partitions_count/],
  [{ topic_name: 'orders', partitions_count: 2 ** 31 }, 422, /partitions_count/],
  [{ topic_name: 'orders', replication_factor: -1 }, 422, /replication_factor must be an integer from 1 to 32767/],
  [{ topic_name: 'orders', replication_factor: 32_768 }, 422, /replication_factor/],
  [{ topic_name: 'orders', configs: [] }, 422, /configs/],
  [{ topic_name: 'orders', configs: 'compact' }, 422, /configs/],
  [{ topic_name: 'orders', configs: { 'retention.ms': {} } }, 422, /configs\.retention\.ms/],
  [{ topic_name: 'orders', configs: { 'retention.ms': [1] } }, 422, /configs\.retention\.ms/],
  [{ topic_name: 'orders', ['\n'.repeat(1e6)]: 3 }, 422, /^Unrecognized field: "[?]{80}\.\.\."$/],
  [{ topic_name: 'orders', configs: { ['\n'.repeat(1e6)]: [] } }, 422, /^"configs\.[?]{72}\.\.\." must be/],
  [JSON.parse('{"topic_name":"orders","configs":{"retention.ms":9223372036854775807}}'), 422, /"configs.retention.ms" must be a string/],
  [JSON.parse('{"topic_name":"orders","configs":{"retention.ms":9007199254740993}}'), 422, /too many digits/],
  [{ topic_name: 'orders', configs: { 'retention.ms': 'x'.repeat(32_768) } }, 422, /32767/],
  [{ topic_name: 'orders', configs: { ['ä'.repeat(16_384)]: 'x' } }, 422, /32767/],
];
for (const [json, status, message] of refused) {
  test(`${String(JSON.stringify(json)).slice(0, 80)} is refused`, () => {
    assert.throws(
      () => readNewTopic(json),
      (error) => error instanceof GatewayError && error.status === status && message.test(error.message),
    );
  });
}

const { kafkaHas, send } = gatewayWith(handler);
const json = { 'content-type': 'application/json' };

test('a topic that was created is answered with 201 and nothing to say', async (t) => {
  const created: unknown[] = [];
  kafkaHas({ topics: [topicOn('orders', 1)] }, ({ body }) => {
    created.push(readCreateTopics(body));
    return createTopicsAnswer('orders', 0, null);
  });

  const { status, headers, body } = await send(t, 'POST', '/admin/topics', {
    headers: json,
    body: '{"topic_name":"orders","partitions_count":1}',
  });

  assert.deepEqual([status, headers['content-type'], body], [201, 'application/vnd.kafka.v2+json', {}]);
  assert.equal(created.length, 1);
});

test('a topic that exists is answered with 409', async (t) => {
  kafkaHas({ topics: [topicOn('orders', 1)] }, () => createTopicsAnswer('orders', 36, "Topic 'orders' already exists."));

  const { status, body } = await send(t, 'POST', '/admin/topics', { headers: json, body: '{"topic_name":"orders"}' });

  assert.deepEqual([status, body.error_code], [409, 40904]);
});

test('where Accept excludes what is offered nothing is created', async (t) => {
  kafkaHas({}, () => assert.fail('no request'));

  const { status } = await send(t, 'POST', '/admin/topics', { headers: { ...json, accept: 'text/html' }, body: '{"topic_name":"orders"}' });

  assert.equal(status, 406);
});
